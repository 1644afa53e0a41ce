// `npm run test:fuzz -- …`: tries the encoder, the cursors and the readers of requests with a million random inputs each, and writes what came of
// it to docs/fuzz.md.
import './lib/node-floor.mjs'
import { fuzz } from './lib/fuzz.mjs'
import { handOver } from './lib/hand-over.mjs'
import { root } from './lib/root.mjs'
import { setUp } from './lib/set-up.mjs'
import { runMain } from './lib/set-up-error.mjs'

await runMain(async () => {
  await setUp()
  const { entry, flags } = fuzz
  handOver(entry, process.argv.slice(2), { directory: root, flags })
})
