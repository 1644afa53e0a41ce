import { inRoot } from './root.mjs'

// From the sources, as the tests run.
const flags = ['--conditions=@millrace/source', '--disable-warning=ExperimentalWarning']

/** Two servers among faults. */
export const nodes = { entry: inRoot('apps/nodes/src/main.ts'), flags }

/** A log on several brokers of Kafka, among faults. */
export const kafkaCluster = { entry: inRoot('apps/nodes/src/kafka-cluster/main.ts'), flags }
