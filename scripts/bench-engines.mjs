// `npm run bench:engines -- …`: measures the logs beside their engines, and writes what it found to docs/engine-benchmarks.md.
import './lib/node-floor.mjs'
import { engineBenchmark } from './lib/engine-benchmark.mjs'
import { handOver } from './lib/hand-over.mjs'
import { nameKafka } from './lib/kafka.mjs'
import { root } from './lib/root.mjs'
import { setUp } from './lib/set-up.mjs'
import { runMain } from './lib/set-up-error.mjs'

await runMain(async () => {
  await setUp()
  await nameKafka()
  const { entry, flags } = engineBenchmark
  handOver(entry, process.argv.slice(2), { directory: root, flags })
})
