// `npm start [-- files…]`: from a fresh clone to the running sample.
import './lib/node-floor.mjs'
import { handOver } from './lib/hand-over.mjs'
import { inRoot, root } from './lib/root.mjs'
import { setUp } from './lib/set-up.mjs'
import { runMain } from './lib/set-up-error.mjs'

await runMain(async () => {
  await setUp('live-logs...')
  // The app resolves relative files against INIT_CWD, where npm was called.
  handOver(inRoot('apps/live-logs/dist/server/main.js'), process.argv.slice(2), { directory: root })
})
