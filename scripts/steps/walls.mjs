import { readdirSync, readFileSync } from 'node:fs'
import { builtinModules, isBuiltin } from 'node:module'
import { join } from 'node:path'
import { builtEntries } from '../lib/built-entries.mjs'
import { inRoot } from '../lib/root.mjs'
import { failed, passed } from '../lib/step.mjs'
import { publicPackages } from '../lib/workspace.mjs'

// The doors through which a package may reach Node. Whatever else is built runs in a browser and in a worker.
const forNode = new Set([
  '@millrace/server/node',
  '@millrace/log/conformance',
  '@millrace/log-sqlite',
  '@millrace/log-redis',
  '@millrace/log-nats',
  '@millrace/log-postgres',
  '@millrace/log-kafka',
])

export const walls = {
  name: 'walls',
  title: 'what the built packages import and contain',
  needs: ['build'],
  async run() {
    // Loaded here: this file is read before the first install.
    const esbuild = await import('esbuild')
    const entries = builtEntries()
    const faults = [
      ...(await Promise.all(entries.map((entry) => importFaults(esbuild, entry)))).flat(),
      ...publicPackages().flatMap(contentFaults),
      ...(await clientFaults(esbuild)),
    ]
    return faults.length === 0 ? passed(`${entries.length} entries`) : failed(faults.join('\n'))
  },
}

/** An entry imports what its package.json declares, and Node only where it may. */
async function importFaults(esbuild, { name, file, format, manifest }) {
  const { metafile } = await esbuild.build({
    entryPoints: [file],
    bundle: true,
    packages: 'external',
    platform: 'neutral',
    format,
    write: false,
    metafile: true,
    logLevel: 'silent',
  })
  const declared = { ...manifest.dependencies, ...manifest.peerDependencies }
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports)
  return imports
    .map(({ path }) => path)
    .filter((path) => !(isOfNode(path) ? isForNode(name, path) : packageOf(path) in declared))
    .map((path) => `${name} (${format}) imports ${path}`)
}

// The Node that runs this may be older than a module of Node's, as 20 is than `node:sqlite`.
const isOfNode = (path) => path.startsWith('node:') || isBuiltin(path)

// Without `node:` Deno and workers would look for a package.
const isForNode = (name, path) => forNode.has(name) && path.startsWith('node:')

const packageOf = (path) =>
  path
    .split('/')
    .slice(0, path.startsWith('@') ? 2 : 1)
    .join('/')

/** A build holds nothing but the package's own sources, and each of them once, so that a class has one identity. */
function contentFaults({ name, directory, manifest }) {
  const faults = []
  // A package that is a command only is no module to be required.
  for (const ending of manifest.main === undefined ? ['.js.map'] : ['.js.map', '.cjs.map']) {
    const holders = new Map()
    for (const file of readdirSync(join(directory, 'dist')).filter((file) => file.endsWith(ending))) {
      const { sources } = JSON.parse(readFileSync(join(directory, 'dist', file), 'utf8'))
      for (const source of sources) {
        if (!source.startsWith('../src/')) faults.push(`${name}: ${file} contains ${source}`)
        else if (holders.has(source))
          faults.push(`${name}: ${source} is in ${holders.get(source)} and in ${file}`)
        holders.set(source, file)
      }
    }
    if (holders.size === 0) faults.push(`${name}: no *${ending} names what it was built from`)
  }
  return faults
}

/** What a browser gets with the client and nothing else: our own packages, and nothing of Zod. */
async function clientFaults(esbuild) {
  const { metafile } = await esbuild.build({
    stdin: { contents: "export * from '@millrace/client'", resolveDir: inRoot('packages/cli') },
    bundle: true,
    format: 'esm',
    platform: 'browser',
    // What the client imports of Node is told by `importFaults`.
    external: ['node:*', ...builtinModules],
    minify: true,
    write: false,
    metafile: true,
    logLevel: 'silent',
  })
  return Object.values(metafile.outputs)
    .flatMap((output) => Object.entries(output.inputs))
    .filter(([input, { bytesInOutput }]) => bytesInOutput > 0 && !/^(packages\/|<stdin>)/.test(input))
    .map(([input]) => `@millrace/client brings ${input} into a browser`)
}
