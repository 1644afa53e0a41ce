// `npm run test:nodes -- …`: two servers on one engine behind a proxy, killed and drained in turn, for minutes. What came of it is written to docs/reliability.md.
import './lib/node-floor.mjs'
import { handOver } from './lib/hand-over.mjs'
import { nameKafka } from './lib/kafka.mjs'
import { nodes } from './lib/nodes.mjs'
import { root } from './lib/root.mjs'
import { setUp } from './lib/set-up.mjs'
import { runMain } from './lib/set-up-error.mjs'

await runMain(async () => {
  await setUp()
  await nameKafka()
  const { entry, flags } = nodes
  handOver(entry, process.argv.slice(2), { directory: root, flags })
})
