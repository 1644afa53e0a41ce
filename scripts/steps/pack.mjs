import { existsSync, readdirSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pnpm } from '../lib/pnpm.mjs'
import { inRoot } from '../lib/root.mjs'
import { failed, passed } from '../lib/step.mjs'
import { floorNode } from '../pack-check/floor-node.mjs'
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
  const zod = await packZod(`${folder}-zod`)
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

/** The Zod that is installed here, so that the check needs no network. */
async function packZod(folder) {
  await mkdir(folder)
  const installed = inRoot('packages', 'contract', 'node_modules', 'zod')
  const parameters = ['pack', '--config.ignore-scripts=true', '--pack-destination', folder]
  const { code, output } = await pnpm(parameters, { directory: installed })
  if (code !== 0) throw new Error(`Zod could not be packed:\n${output}`)
  return join(folder, readdirSync(folder)[0])
}
