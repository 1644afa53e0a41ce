import { encodeFrame } from '@millrace/protocol'
import { describe, expect, it } from 'vitest'
import { eventually, Seen, useHarness } from './client-harness.fixture.ts'
import type { Subscription } from './index.ts'
import { order } from './shop.fixture.ts'

const harness = useHarness()

/** Resolves once a subscription stands there. */
const stands = (subscription: { readonly cursor: string | undefined }, cursor: string) =>
  eventually(() => expect(subscription.cursor).toBe(cursor))

describe('the cursor of a subscription with a handler', () => {
  it('is unknown until the server has told it, unless it was given', async () => {
    const { createClient } = harness
    const client = createClient()
    expect(client.subscribe(order, () => {}).cursor).toBeUndefined()
    expect(client.subscribe(order, () => {}, { from: 'earliest' }).cursor).toBeUndefined()
    expect(client.subscribe(order, () => {}, { from: 'k.7.ab' }).cursor).toBe('k.7.ab')
  })

  it('moves on when the handler has returned', async () => {
    const { server, createClient } = harness
    const seen = new Seen<string>()
    let release = () => {}
    const subscription = createClient().subscribe(order, ({ id }) => {
      seen.push(`${id} after ${subscription.cursor}`)
      return new Promise<void>((resolve) => {
        release = resolve
      })
    })
    ;(await server.next()).open('k.0').event('k.1').event('k.2')
    await seen.count(1)
    expect(subscription.cursor).toBe('k.0')
    release()
    expect(await seen.count(2)).toEqual(['k.1 after k.0', 'k.2 after k.1'])
    release()
    await stands(subscription, 'k.2')
  })

  it('stays where it was closed, whatever else comes in the same breath', async () => {
    const { server, createClient } = harness
    const client = createClient()
    const closed: Subscription = client.subscribe(order, () => closed.close(), { from: 'k.0' })
    const cursors = new Seen<string | undefined>()
    client.subscribe('orders/43', () => cursors.push(closed.cursor), { from: 'k.0' })
    const text = ['k.1', 'k.2 orders/43', 'k.3', 'k.4 orders/43'].map((event) => {
      const [id = '', topic = 'orders/42'] = event.split(' ')
      return encodeFrame({ id, event: 'placed', topic, time: 0, data: '{"total":1}' })
    })
    ;(await server.next()).open('k.0', { verdict: 'resumed' }).write(text.join(''))
    expect(await cursors.count(2)).toEqual(['k.0', 'k.0'])
  })

  it('moves with heartbeats and with the events of others', async () => {
    const { server, createClient } = harness
    const client = createClient()
    const seen = new Seen<string>()
    const quiet = client.subscribe('stock/7', () => {})
    client.subscribe(order, ({ id }) => seen.push(id))
    const stream = (await server.next()).open('k.0').event('k.1').event('k.2')
    await stands(quiet, 'k.2')
    stream.frame({ id: 'k.9' })
    await stands(quiet, 'k.9')
    expect(seen.items).toEqual(['k.1', 'k.2'])
  })

  it('is where a reset leads to, once that was told', async () => {
    const { server, createClient } = harness
    const seen = new Seen<string | undefined>()
    const subscription = createClient().subscribe(
      order,
      {
        'millrace.reset': () => {
          seen.push(subscription.cursor)
        },
      },
      { from: 'k.3' },
    )
    ;(await server.next()).open('k.3', { verdict: 'trimmed' }).reset(order.address, 'trimmed', 'k.20')
    expect(await seen.count(1)).toEqual(['k.3'])
    await stands(subscription, 'k.20')
  })

  it('stays when it is closed', async () => {
    const { server, createClient } = harness
    const client = createClient()
    const subscription = client.subscribe(order, () => {})
    const other = client.subscribe('stock/7', () => {})
    const stream = (await server.next()).open('k.0').event('k.1')
    await stands(subscription, 'k.1')
    subscription.close()
    stream.frame({ id: 'k.5' })
    await stands(other, 'k.5')
    expect(subscription.cursor).toBe('k.1')
    await client.close()
    expect(subscription.cursor).toBe('k.1')
  })

  it('lets another client go on where it was', async () => {
    const { server, createClient } = harness
    const before = createClient()
    const subscription = before.subscribe(order, () => {})
    ;(await server.next()).open('k.0').event('k.1')
    await stands(subscription, 'k.1')
    await before.close()
    const { cursor } = subscription
    createClient().subscribe(order, () => {}, { ...(cursor && { from: cursor }) })
    expect((await server.next()).asked.lastEventId).toBe('k.1')
  })
})

describe('the cursor of an iterator', () => {
  it('is before what its reader has not come back from', async () => {
    const { server, createClient } = harness
    const client = createClient()
    const iterator = client.subscribe(order)
    const beside = client.subscribe(order, () => {})
    const stream = (await server.next())
      .open('k.0')
      .event('k.1')
      .event('k.2')
      .event('k.3')
      .frame({ id: 'k.8' })
    await stands(beside, 'k.8')
    expect(iterator.cursor).toBe('k.0')
    await iterator.next()
    expect(iterator.cursor).toBe('k.0')
    await iterator.next()
    expect(iterator.cursor).toBe('k.1')
    await iterator.next()
    expect(iterator.cursor).toBe('k.2')
    const last = iterator.next()
    expect(iterator.cursor).toBe('k.8')
    stream.event('k.9')
    await last
    expect(iterator.cursor).toBe('k.3')
  })

  it('where a loop is left stays before the event at which it was', async () => {
    const { server, createClient } = harness
    const client = createClient()
    const iterator = client.subscribe(order)
    ;(await server.next()).open('k.0').event('k.1').event('k.2').event('k.3')
    for await (const { id } of iterator) if (id === 'k.2') break
    expect(iterator.cursor).toBe('k.1')
    await client.close()
    expect(iterator.cursor).toBe('k.1')
  })

  it('stays where nothing was read, whatever has come', async () => {
    const { server, createClient } = harness
    const client = createClient()
    const iterator = client.subscribe(order, { from: 'k.5' })
    const beside = client.subscribe(order, () => {}, { from: 'k.5' })
    ;(await server.next()).open('k.5', { verdict: 'resumed' }).event('k.6').event('k.7')
    await stands(beside, 'k.7')
    iterator.close()
    expect(iterator.cursor).toBe('k.5')
  })
})
