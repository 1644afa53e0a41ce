// `npm run bench -- …`: measures Millrace and its peers on this machine, and writes what it found to docs/benchmarks.md.
import './lib/node-floor.mjs'
import { benchmark } from './lib/benchmark.mjs'
import { handOver } from './lib/hand-over.mjs'
import { root } from './lib/root.mjs'
import { setUp } from './lib/set-up.mjs'
import { runMain } from './lib/set-up-error.mjs'

await runMain(async () => {
  await setUp()
  const { entry, flags } = benchmark
  handOver(entry, process.argv.slice(2), { directory: root, flags })
})
