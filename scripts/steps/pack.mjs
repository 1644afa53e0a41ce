import { existsSync, readdirSync, realpathSync } from 'node:fs'
import { cp, mkdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { inRoot } from '../lib/root.mjs'
import { failed, passed } from '../lib/step.mjs'
import { floorNode } from '../pack-check/floor-node.mjs'
import { npm } from '../pack-check/npm.mjs'
import { checkAsUser, installAsUser, runAsUser } from '../pack-check/user.mjs'

export const pack = {
  name: 'pack',
  title: 'the packed packages work where they alone are installed (Node 20, ESM, CommonJS, types)',
  needs: ['build'],
  async run(context) {
    const folder = join(context.temporary, 'pack')
    await mkdir(folder)
    const tarballs = await context.tarballs()
    const node = await floorNode(join(folder, 'node'))
    const faults = [
      ...(await client(join(folder, 'client'), tarballs, node.path)),
      ...(await server(join(folder, 'server'), tarballs, node.path)),
      ...(await cli(join(folder, 'cli'), tarballs, node.path)),
    ]
    const note = `Node ${node.version}`
    return faults.length === 0 ? passed(note) : failed(faults.join('\n'), note)
  },
}

/** The client alone, and no Zod anywhere. */
async function client(folder, tarballs, node) {
  await installAsUser({ folder, name: 'client', tarballs, ours: ['@millrace/client'] })
  if (existsSync(join(folder, 'node_modules', 'zod'))) return ['Zod came along with the client']
  return [
    ...(await runAsUser(node, folder, 'use.mjs')),
    ...(await runAsUser(node, folder, 'use.cjs')),
    // Without Zod, the contract's declarations cannot be checked themselves, only used.
    ...(await checkAsUser(folder, { lib: ['ES2022', 'DOM'], skipLibCheck: true })),
  ]
}

/** The server with what its users write a contract with. */
async function server(folder, tarballs, node) {
  const zod = await packInstalled('packages/contract', 'zod', `${folder}-zod`)
  await installAsUser({
    folder,
    name: 'server',
    tarballs,
    ours: ['@millrace/contract', '@millrace/log', '@millrace/server'],
    others: { zod: `file:${zod}` },
  })
  return [
    ...(await runAsUser(node, folder, 'use.mjs')),
    ...(await runAsUser(node, folder, 'use.cjs')),
    ...(await checkAsUser(folder, {
      lib: ['ES2022'],
      types: ['node'],
      typeRoots: [inRoot('node_modules', '@types')],
      skipLibCheck: false,
    })),
  ]
}

/** The command beside a contract and a server. */
async function cli(folder, tarballs, node) {
  const others = {}
  for (const [name, path] of [
    ['zod', 'packages/contract'],
    ['jiti', 'packages/cli'],
    ['yaml', 'packages/cli'],
    ['chokidar', 'packages/cli'],
    ['readdirp', 'packages/cli/node_modules/chokidar'],
  ]) {
    others[name] = `file:${await packInstalled(path, name, `${folder}-${name}`)}`
  }
  await installAsUser({
    folder,
    name: 'cli',
    tarballs,
    ours: ['@millrace/contract', '@millrace/log', '@millrace/server', '@millrace/cli'],
    others,
  })
  return await runAsUser(node, folder, 'use.mjs')
}

/** A package that is installed here, so that the check needs no network. */
async function packInstalled(dependant, name, folder) {
  await mkdir(folder)
  const installed = createRequire(join(realpathSync(inRoot(dependant)), 'package.json'))
  const directory = folderOf(name, installed.resolve.paths(name))
  // A copy, since npm would take the folders of pnpm around it for a broken installation.
  const copy = join(folder, 'copy')
  await cp(directory, copy, { recursive: true })
  await npm(copy, 'pack', '--ignore-scripts', '--pack-destination', folder)
  return join(
    folder,
    readdirSync(folder).find((file) => file.endsWith('.tgz')),
  )
}

function folderOf(name, folders) {
  const found = folders.map((folder) => join(folder, name)).find((folder) => existsSync(folder))
  if (found === undefined) throw new Error(`${name} is not installed`)
  return realpathSync(found)
}
