import { channel, defineContract } from '@millrace/contract'
import { memoryLog } from '@millrace/log'
import { createEventServer, type EventServer } from '@millrace/server'
import * as z from 'zod'
import type { Random } from './random.ts'
import { RecordedLog, Truth } from './recorded-log.ts'
import type { Scenario } from './scenario.ts'
import type { VirtualTime } from './virtual-time.ts'
import type { Accuse } from './witness.ts'
import { malformed, unknownEvent } from './witness.ts'

/** When virtual time begins, in milliseconds since 1970. */
export const beginning = 1_763_683_200_000

export const shop = defineContract({
  name: 'shop',
  version: '1.0.0',
  channels: {
    orders: channel('orders/{orderId}', {
      params: { orderId: z.string() },
      events: { placed: z.object({ n: z.int() }), noted: z.object({ n: z.int() }) },
    }),
    stock: channel('stock/{item}', {
      params: { item: z.string() },
      events: { counted: z.object({ n: z.int() }) },
    }),
  },
})

interface BackendOptions {
  readonly settings: Scenario['settings']
  readonly time: VirtualTime
  readonly random: Random
  readonly accuse: Accuse
  readonly appended: () => void
}

/** The real server, and its log that does what befalls logs. */
export class Backend {
  readonly truth = new Truth()
  server: EventServer | undefined
  /** From now on the log wakes its tails as it should. */
  calm = false
  #log: RecordedLog
  #lives = 0
  #published = 0
  readonly #options: BackendOptions

  constructor(options: BackendOptions) {
    this.#options = options
    this.#log = this.#begin()
    this.server = this.#serve()
  }

  publish(address: string, count: number): void {
    // Who has ended it knows that, even when the log has forgotten.
    if (this.truth.present.complete.has(address)) return
    for (let event = 0; event < count; event += 1) {
      const n = ++this.#published
      const [family, own = ''] = address.split('/')
      const publishing =
        family === 'stock'
          ? this.server?.publish(shop.stock({ item: own }), 'counted', { n })
          : this.server?.publish(shop.orders({ orderId: own }), n % 3 === 0 ? 'noted' : 'placed', { n })
      // A server that was ended in the meantime takes nothing.
      publishing?.catch(() => {})
    }
  }

  /** Another, faulty process publishes. */
  publishBad(topic: string, kind: 'malformed' | 'unknown'): void {
    if (this.truth.present.complete.has(topic)) return
    const event = kind === 'unknown' ? unknownEvent : topic.startsWith('stock') ? 'counted' : 'placed'
    const data = kind === 'unknown' ? '{"n":0}' : malformed
    void this.#log.append([{ topic, event, version: 1, time: beginning, data }])
  }

  endTopic(address: string): void {
    const [family, own = ''] = address.split('/')
    const topic = family === 'stock' ? shop.stock({ item: own }) : shop.orders({ orderId: own })
    this.server?.end(topic).catch(() => {})
  }

  trim(keep: number): void {
    this.#log.keep(keep)
  }

  newLife(): void {
    this.#log.restart(this.#nextEpoch())
  }

  revoke(): void {
    this.server?.revoke(() => true)
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
    const log = memoryLog({ epoch, now: () => this.#options.time.now, wake: (look) => this.#wake(look) })
    return new RecordedLog(log, this.truth, this.#options.appended)
  }

  #serve(): EventServer {
    const { settings, time, random, accuse } = this.#options
    const { heartbeat, retry, maxAge } = settings
    return createEventServer({
      contract: shop,
      log: this.#log,
      heartbeat,
      retry,
      maxAge,
      random: random.next,
      onError: (error) => accuse(`the server reports ${String(error)}`),
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
  }

  #wake(look: () => void): void {
    const { settings, time, random } = this.#options
    const { wakes } = settings
    const isPrompt = wakes === 'prompt' || this.calm
    if (wakes === 'lost' && !isPrompt && random.chance(0.4)) return
    if (isPrompt || wakes !== 'late' || random.chance(0.4)) queueMicrotask(look)
    // So late that others come before it.
    if (!isPrompt && wakes !== 'lost') time.after(random.pick([0, 1, 30, 500]), 'server', look)
  }
}
