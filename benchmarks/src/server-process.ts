import { setTimeout as wait } from 'node:timers/promises'
import { createEvent } from './event.ts'
import { ownMemory } from './memory.ts'
import { shop } from './peers/contract.ts'
import type { Peer, PeerOptions, StartPeer, StreamAddress } from './peers/peer.ts'
import { answerCalls } from './process-calls.ts'
import { startProfile } from './profile.ts'

// The process of the server under measurement. It publishes to itself, because how an event comes into a server is not what is measured.

/** How events are published. */
export interface Publication {
  readonly ticks: number
  /** Events of one tick. */
  readonly events: number
  /** Time between ticks, in milliseconds; longer where the server needs most of it. */
  readonly interval: number
  /** Publishes to this many topics in turn, instead of to everybody. */
  readonly topics?: number
  /** The first of these topics; 0 by default. */
  readonly firstTopic?: number
}

/** What a process has used so far. */
export interface Usage {
  /** Of all its threads, in microseconds. */
  readonly cpu: number
  /** Bytes. */
  readonly memory: number
  readonly heap: number
  readonly connections: number
  readonly counters: Readonly<Record<string, number>>
}

let peer: Peer | undefined
let number = 0
// So that no compiler leaves the work out.
export let kept: unknown
let profiler: Awaited<ReturnType<typeof startProfile>> | undefined

const running = (): Peer => {
  if (peer === undefined) throw new Error('No peer was started')
  return peer
}

const methods = {
  async start({ name, options }: { name: string; options: PeerOptions }) {
    const { start } = (await import(`./peers/${name}.ts`)) as { start: StartPeer }
    peer = await start(options)
    const { port, address } = peer
    return { port, address } satisfies { port: number; address: StreamAddress }
  },

  /** Publishes, and resolves after the last tick. */
  async publish({ ticks, events, interval, topics, firstTopic = 0 }: Publication) {
    const { publish, publishTo } = running()
    let before = cpuTime()
    for (let tick = 0; tick < ticks; tick += 1) {
      for (let index = 0; index < events; index += 1) {
        number += 1
        const event = createEvent(number)
        if (topics === undefined) publish(event)
        else publishTo?.(firstTopic + (number % topics), event)
      }
      // A server that is never idle lets bytes wait in its sockets and sends several events in one go, which is another measurement.
      const now = cpuTime()
      await wait(Math.max(interval, ((now - before) / 1000) * 1.6))
      before = now
    }
  },

  /** Publishes without a pause between events, to everybody or to this many topics, and resolves when all are in. Answers the microseconds each took. */
  async publishAtOnce({ events, topics }: { events: number; topics?: number }) {
    const { publish, publishTo } = running()
    const before = cpuTime()
    for (let sent = 0; sent < events; ) {
      // As many as fit into one turn of a busy process.
      for (let index = 0; index < 100 && sent < events; index += 1, sent += 1) {
        number += 1
        if (topics === undefined) publish(createEvent(number))
        else publishTo?.(number % topics, createEvent(number))
      }
      await new Promise((resolve) => setImmediate(resolve))
    }
    return (cpuTime() - before) / events
  },

  /** What checking and encoding an event costs, in microseconds. */
  encodeAtOnce({ events }: { events: number }) {
    const encoder = shop.orders['~channel'].events.placed
    if (encoder === undefined) throw new Error('The contract has no event')
    const before = cpuTime()
    for (let index = 0; index < events; index += 1) {
      number += 1
      kept = JSON.stringify(encoder.encode(createEvent(number)))
    }
    return (cpuTime() - before) / events
  },

  usage(): Usage {
    return {
      cpu: cpuTime(),
      memory: ownMemory(),
      heap: process.memoryUsage().heapUsed,
      connections: running().connections,
      counters: running().counters?.() ?? {},
    }
  },

  /** Collects garbage, where that may be asked for. */
  collect() {
    globalThis.gc?.()
  },

  cursor: () => running().cursor(),

  async startProfile() {
    profiler = await startProfile()
  },

  async stopProfile({ file }: { file: string }) {
    await profiler?.stop(file)
  },

  async stop() {
    await peer?.stop()
    peer = undefined
  },
}

function cpuTime(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}

/** What the server's process can be asked. */
export type ServerMethods = typeof methods

answerCalls(methods)
