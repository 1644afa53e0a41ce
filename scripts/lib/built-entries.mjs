import { join } from 'node:path'
import { publicPackages } from './workspace.mjs'

/** Every built file that a public package exports: `{ name, file, format, manifest }`, `name` as one imports it. */
export function builtEntries() {
  return publicPackages().flatMap(({ name, directory, manifest }) =>
    Object.entries(manifest.exports)
      .filter(([, target]) => typeof target === 'object')
      .flatMap(([subpath, target]) =>
        [
          ['esm', target.import?.default],
          ['cjs', target.require?.default],
        ]
          .filter(([, file]) => file !== undefined)
          .map(([format, file]) => ({
            name: join(name, subpath).replaceAll('\\', '/'),
            file: join(directory, file),
            format,
            manifest,
          })),
      ),
  )
}
