import { pnpm } from '../lib/pnpm.mjs'
import { fromProgram } from '../lib/step.mjs'

export const lockfile = {
  name: 'lockfile',
  title: 'the lockfile fits every package.json',
  run: async () => fromProgram(await pnpm(['install', '--frozen-lockfile', '--lockfile-only'])),
}
