import { setImmediate as turn } from 'node:timers/promises'
import { type MemoryLogOptions, memoryLog } from '@millrace/log'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { fetchStream, type OpenStream } from '../fixtures/open-stream.fixture.ts'
import { shop } from '../fixtures/shop.fixture.ts'
import { createEventServer, type EventServer } from '../server.ts'

const topics = ['1', '2', '3'] as const

type Step =
  | {
      readonly kind: 'publish'
      readonly topic: (typeof topics)[number]
      readonly padding: number
      readonly count: number
    }
  | { readonly kind: 'cut'; readonly reader: number; readonly taken: number }
  | { readonly kind: 'pause'; readonly reader: number }
  | { readonly kind: 'resume'; readonly reader: number }
  | { readonly kind: 'turn' }

const reader = fc.nat(2)
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('publish' as const),
      topic: fc.constantFrom(...topics),
      padding: fc.oneof(fc.nat(200), fc.nat(90_000)),
      count: fc.integer({ min: 1, max: 5 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('cut' as const), reader, taken: fc.nat(6) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('pause' as const), reader }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('resume' as const), reader }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('turn' as const) }) },
)

const wakes: Readonly<Record<string, NonNullable<MemoryLogOptions['wake']>>> = {
  'at once': (look) => queueMicrotask(look),
  later: (look) => void setImmediate(look),
  twice: (look) => {
    queueMicrotask(look)
    setImmediate(look)
  },
}

/** A subscriber that remembers its cursor and nothing else, as an `EventSource` does. */
class Subscriber {
  readonly seen: string[] = []
  readonly #events: EventServer
  readonly #query: string
  #cursor = 'e1.0'
  #stream: OpenStream | undefined

  constructor(events: EventServer, query: string) {
    this.#events = events
    this.#query = query
  }

  async connect(): Promise<void> {
    const headers = { 'last-event-id': this.#cursor }
    this.#stream = await fetchStream(this.#events, `/events${this.#query}`, { headers })
  }

  /** Takes in at most so many of the blocks that are there, loses the others, and comes back. */
  async cut(most: number): Promise<void> {
    const stream = this.#stream as OpenStream
    await this.#take(Math.min(most, stream.blocks.length))
    stream.leave()
    await this.connect()
  }

  pause(): void {
    this.#stream?.pause()
  }

  resume(): void {
    this.#stream?.resume()
  }

  /** Takes in all up to an event. */
  async takeTo(id: string | undefined): Promise<void> {
    this.resume()
    while (id !== undefined && this.seen.at(-1) !== id) await this.#take(1)
  }

  async #take(count: number): Promise<void> {
    for (const block of await (this.#stream as OpenStream).take(count)) {
      expect(block.event).not.toBe('millrace.reset')
      expect(Number(block.id.slice(3))).toBeGreaterThanOrEqual(Number(this.#cursor.slice(3)))
      this.#cursor = block.id
      if (block.event === 'placed') this.seen.push(block.id)
    }
  }
}

it('however streams are cut, paused and resumed between publications, each event comes once and in order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 40 }),
      fc.constantFrom(...Object.keys(wakes)),
      fc.constantFrom(1, 20_000, 16_000_000),
      async (steps, wake, ringBytes) => {
        const log = memoryLog({ epoch: 'e1', wake: wakes[wake] as NonNullable<MemoryLogOptions['wake']> })
        const events = createEventServer({
          contract: shop,
          log,
          limits: { ringBytes },
          onError: (error) => expect.unreachable(String(error)),
        })
        const interests = [['1'], ['1', '3'], ['1', '2', '3']]
        const subscribers = [
          new Subscriber(events, '/orders/1'),
          new Subscriber(events, '?topic=orders/3&topic=orders/1'),
          new Subscriber(events, '?topic=orders/*&topic=orders/2'),
        ]
        const published: { readonly id: Promise<{ readonly id: string }>; readonly topic: string }[] = []
        await Promise.all(subscribers.map((subscriber) => subscriber.connect()))
        for (const each of steps) {
          const subscriber = 'reader' in each ? subscribers[each.reader] : undefined
          if (each.kind === 'publish') {
            const { topic, padding, count } = each
            for (let total = 0; total < count; total += 1) {
              const data = { total, note: 'x'.repeat(padding) }
              published.push({ topic, id: events.publish(shop.orders({ orderId: topic }), 'placed', data) })
            }
          } else if (each.kind === 'cut') await subscriber?.cut(each.taken)
          else if (each.kind === 'pause') subscriber?.pause()
          else if (each.kind === 'resume') subscriber?.resume()
          else await turn()
        }
        for (const [index, subscriber] of subscribers.entries()) {
          const wanted: string[] = []
          for (const { id, topic } of published) {
            if (interests[index]?.includes(topic)) wanted.push((await id).id)
          }
          await subscriber.takeTo(wanted.at(-1))
          expect(subscriber.seen).toEqual(wanted)
        }
        await events.close({ drain: 0 })
      },
    ),
    { numRuns: 100 },
  )
})
