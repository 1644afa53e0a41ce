import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { createEventClient } from '@millrace/client'
import { judge } from '@millrace/log'
import { LogEngineError } from '@millrace/log/engine'
import { type KafkaLog, kafkaLog } from '@millrace/log-kafka'
import { createEventServer } from '@millrace/server'
import { toNodeListener } from '@millrace/server/node'
import { type KafkaBroker, type KafkaCluster, kafkaCluster } from '@millrace/test-engines'
import { numbers } from '../numbers.ts'

/** What came of a trial. */
export interface ClusterTrialResult {
  /** Events that were acknowledged. */
  readonly published: number
  /** Of those, how many a subscriber behind a server was told, once and in order. */
  readonly told: number
  /** How often a publication was refused, by the kind of problem. */
  readonly refusals: Readonly<Record<string, number>>
  /** How often the leader was killed. */
  readonly leadersKilled: number
  /** The longest time from a leader's end until an event was acknowledged, in seconds. */
  readonly longestPause: number
  /** How long it took to refuse what was published while two of three were dead, at most, in seconds. */
  readonly longestRefusal: number
  /** How long after these were started again an event was acknowledged, in seconds. */
  readonly healed: number
  /** Reads that began after an event was acknowledged, and so have to have it. */
  readonly reads: number
  /** What ought not to have happened; empty. */
  readonly faults: readonly string[]
}

const topic = 'cluster'
const line = numbers.lines({ line: 'a' })
const kinds = new Set(['unavailable', 'timeout', 'refused'])

/** How long anything is waited for, in milliseconds. */
const patience = 120_000

async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const began = performance.now()
  while (!(await holds())) {
    if (performance.now() - began > patience) throw new Error(`Not within ${patience / 1_000} s: ${what}`)
    await sleep(50)
  }
}

/**
 * Publishes to a topic of three replicas, two of which have to have an event, and follows it by a server, while its leaders are killed one after the
 * other, and then two of three brokers at once.
 *
 * @param rounds how many leaders are killed
 */
export async function runClusterTrial(rounds: number): Promise<ClusterTrialResult> {
  const cluster = await kafkaCluster()
  try {
    return await runOn(cluster, rounds)
  } finally {
    await cluster.remove()
  }
}

async function runOn({ brokers }: KafkaCluster, rounds: number): Promise<ClusterTrialResult> {
  const connection = brokers.map(({ broker }) => broker).join()
  const logs: KafkaLog[] = []
  const open = (bootstrapBrokers = connection) => {
    const create = { replicas: brokers.length, settings: { 'min.insync.replicas': '2' } }
    const log = kafkaLog({ connection: bootstrapBrokers, name: topic, create })
    logs.push(log)
    return log
  }
  const faults: string[] = []
  const publisher = createEventServer({ contract: numbers, log: open() })
  const served = open()
  const events = createEventServer({ contract: numbers, log: served, onError() {} })
  const server = createServer(toNodeListener(events))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = createEventClient({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`,
    onError: (error) => faults.push(String(error)),
  })

  let told = 0
  let published = 0
  let reads = 0
  let isOver = false
  const refusals: Record<string, number> = {}

  const subscription = client.subscribe(
    line,
    (event) => {
      if (event.name !== 'said') {
        faults.push(`The subscriber was reset: ${event.data.verdict}`)
        return
      }
      if (event.data.number !== told + 1) faults.push(`${event.data.number} was told after ${told}`)
      told = event.data.number
    },
    { from: 'earliest' },
  )
  await subscription.ready

  // With a key, the repeat of what may have been appended is harmless.
  async function publish(number: number): Promise<boolean> {
    try {
      await publisher.publish(line, 'said', { number }, { key: `${number}` })
      published = number
      return true
    } catch (error) {
      const problem = LogEngineError.isInstance(error) ? error.problem : String(error)
      if (!kinds.has(problem)) faults.push(`Publishing was refused: ${problem}`)
      refusals[problem] = (refusals[problem] ?? 0) + 1
      return false
    }
  }

  async function keepPublishing(): Promise<void> {
    while (!isOver) await sleep((await publish(published + 1)) ? 2 : 50)
  }

  // What was acknowledged is there for whoever asks from then on, or nothing is said: a follower that was behind is not believed.
  async function readLast(log: KafkaLog): Promise<void> {
    const offset = published
    try {
      const { records: _, afterTag, ...bounds } = await log.read(offset, 0)
      reads += 1
      const verdict = judge({ epoch: bounds.epoch, offset }, bounds, afterTag)
      if (verdict !== 'resumed')
        faults.push(`At ${offset}, which was acknowledged: ${verdict}, and ${bounds.head} is the last`)
    } catch {
      // It says that it does not know.
    }
  }

  async function untilMore(count: number): Promise<void> {
    const wanted = published + count
    await until(() => published >= wanted, `${wanted} events published, and ${published} were`)
  }

  const leading = () => leaderOf(brokers)
  const work = keepPublishing()
  try {
    await untilMore(20)
    const { epoch } = await served.bounds()
    let longestPause = 0
    let dead: KafkaBroker | undefined
    for (let round = 0; round < rounds; round += 1) {
      await until(async () => (await leading()).inSync === brokers.length, 'all replicas in sync')
      const { leader, others } = await leading()
      // One that knows the log as it was, and no other broker.
      const bystander = open(leader.broker)
      await bystander.bounds()
      await untilMore(5)
      // How much of what they have was acknowledged is what they know of it at this moment.
      const releases = others.map(({ replicas }) => replicas.hold())
      const killed = leader.kill()
      const began = performance.now()
      await killed
      await until(async () => (await leading()).leader !== leader, 'another leader')
      for (let attempts = 0; attempts < 5; attempts += 1)
        await Promise.race([readLast(bystander), sleep(100)])
      for (const release of releases) release()
      await untilMore(1)
      longestPause = Math.max(longestPause, performance.now() - began)
      const before = reads
      await until(async () => {
        await readLast(bystander)
        return reads > before
      }, 'an answer from those that were learnt of')
      await untilMore(50)
      dead = leader
      if (round === rounds - 1) break
      await leader.start()
      await untilMore(20)
    }

    // The one that leads stays, and is alone.
    const { others } = await leading()
    const gone = [...new Set([dead, ...others])].filter((broker) => broker !== undefined)
    await Promise.all(gone.map((broker) => broker.kill()))
    isOver = true
    await work
    let longestRefusal = 0
    let acknowledged = 0
    for (let attempts = 0; attempts < 2; attempts += 1) {
      const began = performance.now()
      if (await publish(published + 1)) acknowledged += 1
      longestRefusal = Math.max(longestRefusal, performance.now() - began)
    }
    // The one that was under way may be there.
    if (acknowledged > 1) faults.push('An event was acknowledged by one of three')
    const began = performance.now()
    const starting = Promise.all(gone.map((broker) => broker.start()))
    await until(() => publish(published + 1), 'an event published')
    const healed = performance.now() - began
    await starting
    for (let more = 0; more < 20; more += 1) await until(() => publish(published + 1), 'an event published')
    await until(() => told === published, `${published} events told, and ${told} were`)

    const bounds = await open().bounds()
    if (bounds.epoch !== epoch) faults.push('The epoch has changed')
    if (bounds.head !== published) faults.push(`${published} were published, and there are ${bounds.head}`)
    return {
      published,
      told,
      refusals,
      leadersKilled: rounds,
      longestPause: longestPause / 1_000,
      longestRefusal: longestRefusal / 1_000,
      healed: healed / 1_000,
      reads,
      faults,
    }
  } finally {
    isOver = true
    await work
    await client.close()
    await Promise.all([publisher.close({ drain: 0 }), events.close({ drain: 0 })])
    server.closeAllConnections()
    server.close()
    await Promise.all(logs.map((log) => log.close()))
  }
}

/** Who leads the topic, as the brokers that are there have heard. */
async function leaderOf(brokers: readonly KafkaBroker[]) {
  for (;;) {
    const sights = await Promise.all(brokers.map(sightOf))
    const sight = sights.filter((one) => one !== undefined).sort((one, other) => other.epoch - one.epoch)[0]
    const leader = brokers.find(({ node }) => node === sight?.leader)
    if (sight && leader)
      return { leader, others: brokers.filter((one) => one !== leader), inSync: sight.inSync }
    await sleep(20)
  }
}

async function sightOf(broker: KafkaBroker) {
  try {
    const metadata = await broker.asAdmin((admin) => admin.metadata({ topics: [topic], forceUpdate: true }))
    const partition = metadata.topics.get(topic)?.partitions[0]
    if (partition === undefined || partition.leader < 0) return undefined
    return { leader: partition.leader, epoch: partition.leaderEpoch, inSync: partition.isr.length }
  } catch {
    return undefined
  }
}
