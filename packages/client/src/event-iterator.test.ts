import { describe, expect, it } from 'vitest'
import { Seen, untilState, useHarness } from './client-harness.fixture.ts'
import { order } from './shop.fixture.ts'

const harness = useHarness()
const done = { done: true, value: undefined }

describe('an iterator', () => {
  it('gives events in a loop, and leaving it closes the subscription', async () => {
    const { server, createClient } = harness
    const client = createClient()
    const seen: string[] = []
    const looping = (async () => {
      for await (const event of client.subscribe(order)) {
        seen.push(event.id)
        if (event.id === 'k.2') break
      }
    })()
    const stream = (await server.next()).open('k.0')
    for (const id of ['k.1', 'k.2', 'k.3']) stream.event(id)
    await looping
    expect(seen).toEqual(['k.1', 'k.2'])
    await stream.closed
    await untilState(client, 'idle')
  })

  it('may be asked for several at once, and gives them in order', async () => {
    const { server, createClient } = harness
    const iterator = createClient().subscribe(order)
    const all = [iterator.next(), iterator.next(), iterator.next()]
    const stream = (await server.next()).open('k.0')
    for (const id of ['k.1', 'k.2', 'k.3']) stream.event(id)
    expect((await Promise.all(all)).map(({ value }) => value?.id)).toEqual(['k.1', 'k.2', 'k.3'])
  })

  it('settles every pending `next()` when it is closed', async () => {
    const { createClient } = harness
    const iterator = createClient().subscribe(order)
    const pending = [iterator.next(), iterator.next()]
    iterator.close()
    expect(await Promise.all(pending)).toEqual([done, done])
    expect(await iterator.next()).toEqual(done)
    expect(await iterator.return()).toEqual(done)
  })

  it('drops what it held when it is closed, by itself, its signal or the client', async () => {
    const { server, createClient } = harness
    const client = createClient()
    const aborting = new AbortController()
    const iterators = [
      client.subscribe(order),
      client.subscribe(order, { signal: aborting.signal }),
      client.subscribe(order),
    ]
    const seen = new Seen<string>()
    client.subscribe(order, ({ id }) => seen.push(id))
    ;(await server.next()).open('k.0').event('k.1')
    await seen.count(1)
    iterators[0]?.close()
    aborting.abort()
    await client.close()
    for (const iterator of iterators) expect(await iterator.next()).toEqual(done)
  })

  it('is disposed of at the end of its block', async () => {
    const { server, createClient } = harness
    const client = createClient()
    let pending: Promise<unknown>
    {
      await using iterator = client.subscribe(order)
      pending = iterator.next()
      ;(await server.next()).open('k.0')
      await untilState(client, 'open')
    }
    expect(await pending).toEqual(done)
    await untilState(client, 'idle')
  })

  it('gives what it holds before it throws the error that ended it, once', async () => {
    const { server, clock, createClient } = harness
    const client = createClient()
    const iterator = client.subscribe(order)
    const seen = new Seen<string>()
    client.subscribe(order, ({ id }) => seen.push(id))
    const stream = (await server.next()).open('k.0').event('k.1').event('k.2')
    await seen.count(2)
    stream.cut()
    await clock.timer(1_000)
    clock.advance(1_000)
    ;(await server.next()).answer(410)
    await untilState(client, 'closed')
    expect((await iterator.next()).value).toMatchObject({ id: 'k.1' })
    expect((await iterator.next()).value).toMatchObject({ id: 'k.2' })
    await expect(iterator.next()).rejects.toMatchObject({ status: 410 })
    expect(await iterator.next()).toEqual(done)
  })
})

describe('an iterator that nobody reads', () => {
  it('holds a bounded number; then nothing more is read, and the server’s socket fills up', async () => {
    const { server, createClient } = harness
    const client = createClient()
    const iterator = client.subscribe(order)
    const stream = (await server.next()).open('k.0')
    const padding = 'x'.repeat(10_000)
    // More than all buffers on the way take together, were it read.
    let count = 0
    let full = false
    while (!full && count < 20_000) {
      count++
      stream.event(`k.${count}`, 'orders/42', 'placed', { total: count, padding })
      if (stream.response.writableNeedDrain) {
        const drained = new Promise<boolean>((resolve) => stream.response.once('drain', () => resolve(true)))
        const patience = new Promise<boolean>((resolve) => setTimeout(resolve, 300, false))
        full = !(await Promise.race([drained, patience]))
      }
    }
    expect(full).toBe(true)
    // It held them, in order, and with room it reads on.
    const ids: string[] = []
    while (ids.length < count) ids.push((await iterator.next()).value?.id ?? '')
    expect(ids).toEqual(Array.from({ length: count }, (_, index) => `k.${index + 1}`))
  })

  it('has the position stand where it holds an event, and move on as there is room', async () => {
    const { server, createClient } = harness
    const client = createClient()
    const iterator = client.subscribe(order)
    const beside = new Seen<string>()
    client.subscribe(order, ({ id }) => beside.push(id))
    const stream = (await server.next()).open('k.0')
    for (let offset = 1; offset <= 300; offset++) stream.event(`k.${offset}`)
    await beside.count(256)
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate)
    expect(beside.items).toHaveLength(256)
    // There is room once half of it is free.
    for (let taken = 0; taken <= 128; taken++) await iterator.next()
    await beside.count(257)
    iterator.close()
    await beside.count(300)
  })
})
