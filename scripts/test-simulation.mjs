// `npm run test:simulation -- …`: the client against the server in a million scenarios of faults, or one of them with all that
// happens in it. What a run found is written to docs/simulation.md.
import './lib/node-floor.mjs'
import { handOver } from './lib/hand-over.mjs'
import { root } from './lib/root.mjs'
import { setUp } from './lib/set-up.mjs'
import { runMain } from './lib/set-up-error.mjs'
import { simulation } from './lib/simulation.mjs'

await runMain(async () => {
  await setUp()
  const { entry, flags } = simulation
  handOver(entry, process.argv.slice(2), { directory: root, flags })
})
