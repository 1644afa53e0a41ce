import { type Log, type MemoryLog, memoryLog, type ShardedLog, shards } from '@millrace/log'
import { joinPlaces, type Position } from '@millrace/protocol'
import { createEventServer, type EventServer } from '@millrace/server'
import { LosingLog } from './losing-log.ts'
import type { Random } from './random.ts'
import { RecordedLog } from './recorded-log.ts'
import { Rights } from './rights.ts'
import type { Scenario } from './scenario.ts'
import { malformed, namesOf, shop, topicAt, unknownEvent } from './shop.ts'
import { PlannedFailure, States } from './states.ts'
import { Truth } from './truth.ts'
import type { VirtualTime } from './virtual-time.ts'
import type { Accuse } from './witness.ts'

/** When virtual time begins, in milliseconds since 1970. */
export const beginning = 1_763_683_200_000

interface BackendOptions {
  readonly settings: Scenario['settings']
  readonly time: VirtualTime
  readonly random: Random
  readonly accuse: Accuse
  readonly appended: () => void
  /** A state is asked for. */
  readonly asked: (address: string) => void
}

// What stands behind the epochs of a shard.
function nameOf(shard: number, count = 1): string {
  if (count === 1) return ''
  return [shard, count - 1].map((number) => number.toString(36).padStart(2, '0')).join('')
}

function numberIn(data: string): number {
  return Number(/\d+/.exec(data)?.[0])
}

/** The real server, and its log that does what befalls logs. */
export class Backend {
  /** Of the log, or of each of its shards. */
  readonly truths: readonly Truth[]
  readonly states = new States()
  readonly rights: Rights
  server: EventServer | undefined
  #calm = false
  // One for each shard.
  #logs: RecordedLog[]
  #lives = 1
  #published = 0
  // Wakes that were lost.
  readonly #lost = new Set<() => void>()
  readonly #options: BackendOptions

  constructor(options: BackendOptions) {
    this.#options = options
    this.rights = new Rights(options.settings.rights, () => beginning + options.time.now)
    const { shards: count = 1 } = options.settings
    this.truths = Array.from({ length: count }, () => new Truth())
    this.#logs = this.truths.map((_, shard) => this.#begin(shard))
    this.server = this.#serve()
  }

  /** Where the newest record is, in each shard. */
  get head(): Position {
    return joinPlaces(this.truths.map(({ head }) => head))
  }

  /** Those that tell of an address: of a pattern, all. */
  readonly truthsOf = (address: string): readonly Truth[] => {
    if (this.truths.length === 1 || address.endsWith('*')) return this.truths
    return [this.truths[shards(this.#logs).shardOf(address)] as Truth]
  }

  publish(address: string, count: number, fill = 0): void {
    // Who has ended it knows that, even when the log has forgotten.
    if (this.#isComplete(address)) return
    for (let event = 0; event < count; event += 1) {
      const n = ++this.#published
      const name = address.startsWith('orders') && n % 3 === 0 ? 'noted' : namesOf(address)
      this.states.change(address, n)
      // A server that was ended in the meantime takes nothing: who follows the events never hears of it.
      const publishing =
        this.server?.publish(topicAt(address), name, { n, ...(fill > 0 && { fill: '.'.repeat(fill) }) }) ??
        Promise.reject()
      publishing.catch(() => this.states.lack(address, n))
    }
  }

  /** Another, faulty process publishes. */
  publishBad(topic: string, kind: 'malformed' | 'unknown'): void {
    if (this.#isComplete(topic)) return
    const event = kind === 'unknown' ? unknownEvent : namesOf(topic)
    const data = kind === 'unknown' ? '{"n":0}' : malformed
    void this.#log.append([{ topic, event, version: 1, time: beginning, data }])
  }

  endTopic(address: string): void {
    this.server?.end(topicAt(address)).catch(() => {})
  }

  /** @param shard which one; every one without */
  trim(keep: number, shard?: number): void {
    for (const log of this.#some(shard)) log.keep(keep)
  }

  /**
   * The log loses what it has acknowledged, if it can.
   *
   * @param shard which one; every one without
   */
  lose(count: number, shard?: number): void {
    for (const log of this.#some(shard)) {
      const { truth } = log
      const { records } = truth.present
      log.lose(count)
      // Who had not come that far never hears of it.
      for (const { topic, data } of records.slice(truth.present.records.length))
        this.states.lack(topic, numberIn(data))
    }
  }

  /** @param shard of which one; of every one without */
  newLife(shard?: number): void {
    const epoch = this.#nextEpoch()
    for (const log of this.#some(shard)) log.restart(epoch)
  }

  revoke(): void {
    this.server?.revoke(() => true)
  }

  /** Takes the right to read a topic away. @param openToo from those as well who read it already */
  deny(address: string, openToo: boolean): void {
    this.rights.deny(address)
    if (openToo) this.server?.revoke({ topic: address })
  }

  /** From now on the log wakes its tails as it should, everybody may read, and states are told. */
  calm(): void {
    this.#calm = true
    this.rights.calm()
    if (this.server?.ready !== true) this.start(false, -1)
  }

  /** Has the lost wakes made up for, as the next record does: a shard whose topics have all ended has no next one. */
  wake(): void {
    for (const look of this.#lost) queueMicrotask(look)
    this.#lost.clear()
  }

  /** Ends the server. @param drain how long it takes its time, in milliseconds */
  stop(drain: number): void {
    const { server } = this
    if (drain === 0) this.server = undefined
    void server?.close({ drain }).then(() => {
      if (this.server === server) this.server = undefined
    })
  }

  /**
   * @param keep how many records the log has still; all when negative
   * @param shard which one has another epoch, or has still so many; every one without
   */
  start(newEpoch: boolean, keep: number, shard?: number): void {
    if (newEpoch) {
      this.#nextEpoch()
      const isMeant = (other: number) => shard === undefined || shard % this.#logs.length === other
      this.#logs = this.#logs.map((log, other) => (isMeant(other) ? this.#begin(other) : log))
    } else if (keep >= 0) this.trim(keep, shard)
    this.server = this.#serve()
  }

  #isComplete(address: string): boolean {
    return this.truthsOf(address).some(({ present }) => present.complete.has(address))
  }

  #some(shard: number | undefined): readonly RecordedLog[] {
    const log = shard === undefined ? undefined : this.#logs[shard % this.#logs.length]
    return log === undefined ? this.#logs : [log]
  }

  // What a server is given, and whoever publishes beside it.
  get #log(): Log | ShardedLog {
    const [log] = this.#logs
    return log !== undefined && this.#logs.length === 1 ? log : shards(this.#logs)
  }

  #nextEpoch(): string {
    return `e${++this.#lives}`
  }

  #begin(shard: number): RecordedLog {
    const epoch = `e${this.#lives}`
    const { appended, settings } = this.#options
    const truth = this.truths[shard] as Truth
    return new RecordedLog(this.#makeLog(epoch), epoch, truth, nameOf(shard, settings.shards), appended)
  }

  #makeLog(epoch: string): MemoryLog | LosingLog {
    const wake = (look: () => void) => this.#wake(look)
    if (this.#options.settings.loses) return new LosingLog(epoch, wake)
    return memoryLog({ epoch, now: () => this.#options.time.now, wake })
  }

  #serve(): EventServer {
    const { settings, time, random, accuse, asked } = this.#options
    const { heartbeat, retry, maxAge, moods } = settings
    const { authorize } = this.rights
    const server = createEventServer({
      contract: shop,
      log: this.#log,
      heartbeat,
      retry,
      maxAge,
      ...(authorize && { authorize }),
      random: random.next,
      onError: (error) => {
        const isPlanned =
          error instanceof PlannedFailure || /^The snapshot of /.test((error as Error).message)
        if (!isPlanned) accuse(`the server reports ${String(error)}`)
      },
      clock: {
        now: () => beginning + Math.floor(time.now),
        after: (milliseconds, task) => time.after(milliseconds, 'server', task),
        every(milliseconds, task) {
          let cancel = () => {}
          const next = () => {
            cancel = time.after(milliseconds, 'server', () => {
              next()
              task()
            })
          }
          next()
          return () => cancel()
        },
      },
    })
    const [first, ...others] = moods
    if (first !== undefined) {
      server.snapshot(shop.carts, ({ address }) => {
        asked(address)
        return this.states.tell(address, this.#calm ? 'tells' : random.pick([first, ...others]), random, time)
      })
    }
    return server
  }

  #wake(look: () => void): void {
    const { settings, time, random } = this.#options
    const { wakes } = settings
    const isPrompt = wakes === 'prompt' || this.#calm
    if (wakes === 'lost' && !isPrompt && random.chance(0.4)) {
      this.#lost.add(look)
      return
    }
    if (isPrompt || wakes !== 'late' || random.chance(0.4)) queueMicrotask(look)
    // So late that others come before it.
    if (!isPrompt && wakes !== 'lost') time.after(random.pick([0, 1, 30, 500]), 'server', look)
  }
}
