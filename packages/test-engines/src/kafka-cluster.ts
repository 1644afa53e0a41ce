import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePorts } from '@millrace/test-programs'
import type { Admin } from '@platformatic/kafka'
import { type CuttingProxy, cuttingProxy } from './cutting-proxy.ts'
import { KafkaProcess } from './kafka-process.ts'

/** One of several brokers. */
export interface KafkaBroker {
  /** Its number in the cluster. */
  readonly node: number
  /** Where it listens. */
  readonly broker: string
  /** What the others come through that copy from it. */
  readonly replicas: CuttingProxy
  kill(): Promise<void>
  start(): Promise<void>
  /** Asks it something, as an operator would. */
  asAdmin<Value>(ask: (admin: Admin) => Promise<Value>): Promise<Value>
}

/** Several brokers, each of which is a controller as well (KRaft). */
export interface KafkaCluster {
  readonly brokers: readonly KafkaBroker[]
  /** Ends all of them and removes their data. */
  remove(): Promise<void>
}

/** Starts a cluster of a test's own: what half of its brokers do not have is not acknowledged, and who is behind never leads. */
export async function kafkaCluster(size = 3): Promise<KafkaCluster> {
  const directories = await Promise.all(
    Array.from({ length: size }, () => mkdtemp(join(tmpdir(), 'millrace-kafka-'))),
  )
  const ports = await freePorts(3 * size)
  const portOf = (node: number, listener: 0 | 1 | 2) => ports[3 * (node - 1) + listener] as number
  const cluster = randomBytes(16).toString('base64url')
  const nodes = directories.map((_, index) => index + 1)
  const brokers = await Promise.all(
    nodes.map(async (node) => {
      const broker = `127.0.0.1:${portOf(node, 0)}`
      const replicas = await cuttingProxy(portOf(node, 1))
      const process = await KafkaProcess.prepare({
        directory: directories[node - 1] as string,
        cluster,
        node,
        broker,
        settings: {
          'process.roles': 'broker,controller',
          'controller.quorum.voters': nodes.map((voter) => `${voter}@127.0.0.1:${portOf(voter, 2)}`).join(),
          // A second in place of two, and of as much again.
          'controller.quorum.fetch.timeout.ms': 1_000,
          'controller.quorum.election.timeout.ms': 500,
          listeners: `DIRECT://${broker},REPLICAS://127.0.0.1:${portOf(node, 1)},CONTROLLER://127.0.0.1:${portOf(node, 2)}`,
          'advertised.listeners': `DIRECT://${broker},REPLICAS://127.0.0.1:${replicas.port}`,
          'listener.security.protocol.map': 'DIRECT:PLAINTEXT,REPLICAS:PLAINTEXT,CONTROLLER:PLAINTEXT',
          'inter.broker.listener.name': 'REPLICAS',
          'controller.listener.names': 'CONTROLLER',
          'default.replication.factor': size,
          'min.insync.replicas': Math.floor(size / 2) + 1,
          'unclean.leader.election.enable': false,
        },
      })
      return {
        node,
        broker,
        replicas,
        start: () => process.start(),
        kill: () => process.kill(),
        asAdmin: <Value>(ask: (admin: Admin) => Promise<Value>) => process.asAdmin(ask),
      }
    }),
  )
  async function remove(): Promise<void> {
    await Promise.all(brokers.map((broker) => broker.kill()))
    for (const { replicas } of brokers) replicas.close()
    await Promise.all(directories.map((directory) => rm(directory, { recursive: true })))
  }
  try {
    await Promise.all(brokers.map((broker) => broker.start()))
  } catch (error) {
    await remove()
    throw error
  }
  return { brokers, remove }
}
