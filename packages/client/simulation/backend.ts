import { type MemoryLog, memoryLog } from '@millrace/log'
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

function numberIn(data: string): number {
  return Number(/\d+/.exec(data)?.[0])
}

/** The real server, and its log that does what befalls logs. */
export class Backend {
  readonly truth = new Truth()
  readonly states = new States()
  readonly rights: Rights
  server: EventServer | undefined
  #calm = false
  #log: RecordedLog
  #lives = 0
  #published = 0
  readonly #options: BackendOptions

  constructor(options: BackendOptions) {
    this.#options = options
    this.rights = new Rights(options.settings.rights, () => beginning + options.time.now)
    this.#log = this.#begin()
    this.server = this.#serve()
  }

  publish(address: string, count: number, fill = 0): void {
    // Who has ended it knows that, even when the log has forgotten.
    if (this.truth.present.complete.has(address)) return
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
    if (this.truth.present.complete.has(topic)) return
    const event = kind === 'unknown' ? unknownEvent : namesOf(topic)
    const data = kind === 'unknown' ? '{"n":0}' : malformed
    void this.#log.append([{ topic, event, version: 1, time: beginning, data }])
  }

  endTopic(address: string): void {
    this.server?.end(topicAt(address)).catch(() => {})
  }

  trim(keep: number): void {
    this.#log.keep(keep)
  }

  /** The log loses what it has acknowledged, if it can. */
  lose(count: number): void {
    const { records } = this.truth.present
    this.#log.lose(count)
    // Who had not come that far never hears of it.
    for (const { topic, data } of records.slice(this.truth.present.records.length))
      this.states.lack(topic, numberIn(data))
  }

  newLife(): void {
    this.#log.restart(this.#nextEpoch())
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

  /** Ends the server. @param drain how long it takes its time, in milliseconds */
  stop(drain: number): void {
    const { server } = this
    if (drain === 0) this.server = undefined
    void server?.close({ drain }).then(() => {
      if (this.server === server) this.server = undefined
    })
  }

  /** @param keep how many records the log has still; all when negative */
  start(newEpoch: boolean, keep: number): void {
    if (newEpoch) this.#log = this.#begin()
    else if (keep >= 0) this.#log.keep(keep)
    this.server = this.#serve()
  }

  #nextEpoch(): string {
    return `e${++this.#lives}`
  }

  #begin(): RecordedLog {
    const epoch = this.#nextEpoch()
    this.truth.begin(epoch)
    return new RecordedLog(this.#makeLog(epoch), this.truth, this.#options.appended)
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
    if (wakes === 'lost' && !isPrompt && random.chance(0.4)) return
    if (isPrompt || wakes !== 'late' || random.chance(0.4)) queueMicrotask(look)
    // So late that others come before it.
    if (!isPrompt && wakes !== 'lost') time.after(random.pick([0, 1, 30, 500]), 'server', look)
  }
}
