import { setImmediate as turn } from 'node:timers/promises'
import { memoryLog, shards } from '@millrace/log'
import { frameExtensionFields, type SseItem, SseParser } from '@millrace/protocol'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { prepare } from '../fixtures/serve.fixture.ts'
import { shop } from '../fixtures/shop.fixture.ts'
import type { EventServer } from '../server.ts'

const orders = ['1', '2', '3', '4', '5', '6']

type Step =
  | { readonly publish: readonly string[]; readonly size: number }
  | { readonly read: number }
  | { readonly cutAfter: number }

const steps = fc.array(
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({
        publish: fc.array(fc.constantFrom(...orders), { maxLength: 8 }),
        // So much that whoever does not read at once falls behind.
        size: fc.constantFrom(0, 0, 30_000, 90_000),
      }),
    },
    { weight: 2, arbitrary: fc.record({ read: fc.nat(4) }) },
    { weight: 2, arbitrary: fc.record({ cutAfter: fc.oneof(fc.nat(900), fc.nat(200_000)) }) },
  ),
  { maxLength: 30 },
)

/** Reads as a browser does: it remembers one id, that of the last whole block, and comes back with it. */
class Reader {
  readonly seen = new Map<string, number[]>()
  readonly verdicts = new Set<string>()
  #lastId = ''
  #parser: SseParser | undefined
  #chunks: ReadableStreamDefaultReader<Uint8Array> | undefined
  // A read that is under way, and what it will bring.
  #coming: Promise<ReadableStreamReadResult<Uint8Array>> | undefined
  readonly #events: EventServer
  readonly #query: string

  constructor(events: EventServer, query: string) {
    this.#events = events
    this.#query = query
  }

  async open(): Promise<void> {
    const url = `http://shop.test/events?${this.#query}`
    const headers: Record<string, string> = this.#lastId === '' ? {} : { 'last-event-id': this.#lastId }
    const response = await this.#events.fetch(new Request(url, { headers }))
    expect(response.status).toBe(200)
    this.#chunks = response.body?.getReader() as ReadableStreamDefaultReader<Uint8Array>
    this.#parser = new SseParser({ lastEventId: this.#lastId, extensionFields: frameExtensionFields })
  }

  /** Takes a chunk, if one is there or comes soon, and of that no more than so many bytes. Answers how many. */
  async read(most = Number.POSITIVE_INFINITY): Promise<number> {
    this.#coming ??= this.#chunks?.read() as Promise<ReadableStreamReadResult<Uint8Array>>
    const taken = await Promise.race([this.#coming, turn().then(turn)])
    if (taken === undefined) return 0
    this.#coming = undefined
    const bytes = (taken as { value?: Uint8Array }).value?.subarray(0, most)
    if (bytes === undefined) throw new Error('The stream ended')
    this.#parser?.push(bytes)
    for (let item = this.#parser?.next(); item; item = this.#parser?.next()) this.#note(item)
    return bytes.length
  }

  #note(item: SseItem): void {
    this.#lastId = item.lastEventId
    if (!('event' in item)) return
    const { event, data, fields } = item
    if (event === 'millrace.open') this.verdicts.add(JSON.parse(data).verdict)
    else if (event.startsWith('millrace')) this.verdicts.add(event)
    const { topic = '' } = fields
    if (event === 'placed') this.seen.set(topic, [...(this.seen.get(topic) ?? []), JSON.parse(data).total])
  }

  /** Takes so many bytes more, or all that is there, is cut off in the middle of a frame or between two, and comes back. */
  async cut(bytes: number): Promise<void> {
    for (let left = bytes; left > 0; ) {
      const taken = await this.read(left)
      if (taken === 0) break
      left -= taken
    }
    this.#parser = undefined
    this.#coming = undefined
    await this.#chunks?.cancel()
    await this.open()
  }
}

it('whatever is published where, and wherever it is cut: each event of each shard once, and in order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 2, max: 5 }),
      fc.oneof(fc.constant(['*']), fc.subarray(orders, { minLength: 1 }), fc.constant(['*', '1', '2'])),
      fc.constantFrom(1, 100_000),
      steps,
      async (count, asked, ringBytes, steps: readonly Step[]) => {
        // With the smallest window all who come back, or are slow, read the logs.
        const log = shards(Array.from({ length: count }, () => memoryLog()))
        const { events, errors } = prepare({ log, limits: { ringBytes } })
        const published = new Map<string, number[]>()
        const reader = new Reader(events, asked.map((id) => `topic=orders/${id};from=earliest`).join('&'))
        await reader.open()
        let total = 0
        for (const step of steps) {
          if ('publish' in step) {
            for (const orderId of step.publish) {
              total += 1
              const topic = shop.orders({ orderId })
              published.set(topic.address, [...(published.get(topic.address) ?? []), total])
              // Not awaited, so that several come in one turn.
              void events.publish(topic, 'placed', { total, note: 'x'.repeat(step.size) })
            }
            await turn()
          } else if ('read' in step) {
            for (let chunks = 0; chunks < step.read; chunks += 1) await reader.read()
          } else await reader.cut(step.cutAfter)
        }
        const wanted = [...published].filter(([topic]) =>
          asked.some((id) => id === '*' || topic === `orders/${id}`),
        )
        const isAll = () =>
          wanted.every(([topic, totals]) => (reader.seen.get(topic)?.length ?? 0) >= totals.length)
        for (let quiet = 0; !isAll() && quiet < 100; quiet += 1) if ((await reader.read()) > 0) quiet = 0
        await reader.cut(Number.POSITIVE_INFINITY)
        await reader.read()
        await reader.read()
        expect(new Map([...reader.seen].sort())).toEqual(new Map(wanted.sort()))
        expect(
          [...reader.verdicts].filter((verdict) => verdict !== 'fresh' && verdict !== 'resumed'),
        ).toEqual([])
        expect(errors).toEqual([])
      },
    ),
    { numRuns: 60 },
  )
})
