// `npm run test:kafka-cluster -- …`: a log on three brokers of Kafka, whose leaders are killed one after the other, and two of three at last. What came of it is written
// to docs/engines-in-trouble.md.
import './lib/node-floor.mjs'
import { handOver } from './lib/hand-over.mjs'
import { nameKafka } from './lib/kafka.mjs'
import { kafkaCluster } from './lib/nodes.mjs'
import { root } from './lib/root.mjs'
import { setUp } from './lib/set-up.mjs'
import { runMain } from './lib/set-up-error.mjs'

await runMain(async () => {
  await setUp()
  await nameKafka()
  const { entry, flags } = kafkaCluster
  handOver(entry, process.argv.slice(2), { directory: root, flags })
})
