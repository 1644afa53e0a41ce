import { setTimeout as sleep } from 'node:timers/promises'
import { createEventServer } from '@millrace/server'
import { freePort } from '@millrace/test-engines'
import { Audience } from './audience.ts'
import { NodeProcess } from './node-process.ts'
import { numbers } from './numbers.ts'
import { openLog } from './open-log.ts'
import { balance, type ProxyName } from './proxy.ts'

/** What is tried. */
export interface TrialPlan {
  readonly logUrl: string
  readonly proxy: ProxyName
  readonly subscribers: number
  /** For how long is published, in seconds: longer where each server has not been killed and let go by then. */
  readonly seconds: number
  /** Events a second. */
  readonly rate: number
  /** How long a server takes to let its streams go, in milliseconds. */
  readonly drain: number
}

/** What came of it. */
export interface TrialResult {
  readonly published: number
  /** Events that subscribers had to be told, in all. */
  readonly expected: number
  /** Events that they were told. */
  readonly received: number
  /** Of the subscribers, how many had every event of their line, once and in order. */
  readonly complete: number
  readonly killed: number
  readonly drained: number
  readonly cuts: number
  /** What ought not to have happened; empty. */
  readonly faults: readonly string[]
  /** How long after the last event everybody had everything, in seconds. */
  readonly settled: number
}

const lines = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']

/** What befalls the servers, one after the other: each is killed once and let go once before anything is repeated. */
const troubles = [
  { node: 0, signal: 'SIGKILL' },
  { node: 1, signal: 'SIGKILL' },
  { node: 0, signal: 'SIGTERM' },
  { node: 1, signal: 'SIGTERM' },
] as const

/** How long everybody has to get everything once nothing is published any more, in milliseconds. */
const patience = 30_000

/**
 * Two servers on one log behind a proxy, of which one after the other is killed and let go and comes back, while events are published and
 * subscribers are cut off.
 */
export async function runTrial({
  logUrl,
  proxy: proxyName,
  subscribers,
  seconds,
  rate,
  drain,
}: TrialPlan): Promise<TrialResult> {
  const ports = [await freePort(), await freePort()]
  const nodes = ports.map((port) => new NodeProcess(port, { LOG_URL: logUrl, DRAIN: `${drain}` }))
  const log = await openLog(logUrl)
  // Publishes like any other process of the system, and serves nobody.
  const events = createEventServer({ contract: numbers, log })
  const audience = new Audience()
  const last = new Map(lines.map((line) => [line, 0]))
  const lastOf = (line: string) => last.get(line) ?? 0
  const over = new AbortController()
  const ended = { killed: 0, drained: 0 }

  await Promise.all(nodes.map((node) => node.start()))
  const proxy = await balance(proxyName, ports)

  // Each line by itself: the events of one are published one after the other.
  async function publish(line: string): Promise<void> {
    const began = performance.now()
    const interval = (1_000 * lines.length) / rate
    for (let number = 1; !over.signal.aborted; number += 1) {
      await publishOnce(line, number)
      last.set(line, number)
      await sleep(Math.max(0, number * interval - (performance.now() - began)))
    }
  }

  // With a key, the repeat of what may have been appended is harmless.
  async function publishOnce(line: string, number: number): Promise<void> {
    for (;;) {
      try {
        await events.publish(numbers.lines({ line }), 'said', { number }, { key: `${line}/${number}` })
        return
      } catch {
        await sleep(50)
      }
    }
  }

  async function trouble(): Promise<void> {
    const began = performance.now()
    const isOver = () => performance.now() - began > 1_000 * seconds
    for (let rounds = 0; rounds === 0 || !isOver(); rounds += 1) {
      for (const { node: index, signal } of troubles) {
        await sleep(Math.max(500, (1_000 * seconds) / 16))
        // The first round is always whole.
        if (rounds > 0 && isOver()) break
        const node = nodes[index] as NodeProcess
        await node.end(signal)
        ended[signal === 'SIGKILL' ? 'killed' : 'drained'] += 1
        await node.start()
      }
    }
    over.abort()
  }

  async function cut(): Promise<void> {
    while (!over.signal.aborted) {
      audience.cutOne()
      await pause(1_000 / (subscribers / 30))
    }
  }

  const pause = (delay: number) => sleep(delay, undefined, { signal: over.signal }).catch(() => {})

  try {
    await audience.gather(subscribers, `http://127.0.0.1:${proxy.port}/events`, lines)
    await Promise.all([trouble(), cut(), ...lines.map(publish)])
    const began = performance.now()
    while (audience.complete(lastOf) < subscribers && performance.now() - began < patience) await sleep(10)
    return {
      published: [...last.values()].reduce((sum, number) => sum + number, 0),
      expected: audience.expected(lastOf),
      received: audience.received,
      complete: audience.complete(lastOf),
      ...ended,
      cuts: audience.cuts,
      faults: audience.faults,
      settled: (performance.now() - began) / 1_000,
    }
  } finally {
    over.abort()
    await audience.close()
    await proxy.stop()
    await Promise.all(nodes.map((node) => node.end('SIGKILL')))
    await events.close({ drain: 0 })
    await log.close()
  }
}
