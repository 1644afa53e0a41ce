import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inRoot } from './root.mjs'

/** Every package and app of the workspace: `{ name, directory, path, manifest }`, `path` being relative to the root. */
export function workspacePackages() {
  return ['packages', 'apps'].flatMap((group) =>
    (existsSync(inRoot(group)) ? readdirSync(inRoot(group)) : [])
      .filter((folder) => existsSync(inRoot(group, folder, 'package.json')))
      .sort()
      .map((folder) => {
        const directory = inRoot(group, folder)
        const manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'))
        return { name: manifest.name, directory, path: `${group}/${folder}`, manifest }
      }),
  )
}

/** Those that are published. */
export const publicPackages = () => workspacePackages().filter(({ manifest }) => manifest.private !== true)
