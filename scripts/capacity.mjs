// `npm run capacity -- …`: what a number of streams and events takes, and which limit comes first. With `--write` it writes the tables of docs/scaling.md.
import './lib/node-floor.mjs'
import { capacity } from './lib/capacity.mjs'
import { handOver } from './lib/hand-over.mjs'
import { root } from './lib/root.mjs'
import { setUp } from './lib/set-up.mjs'
import { runMain } from './lib/set-up-error.mjs'

await runMain(async () => {
  await setUp()
  const { entry, flags } = capacity
  handOver(entry, process.argv.slice(2), { directory: root, flags })
})
