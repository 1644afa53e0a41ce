import { DataError } from '@millrace/contract'
import { memoryLog } from '@millrace/log'
import { describe, expect, it } from 'vitest'
import { EventTooLargeError, PublishError, ServerClosedError } from '../errors.ts'
import { openStream } from '../fixtures/open-stream.fixture.ts'
import { prepare, serve } from '../fixtures/serve.fixture.ts'
import { shop } from '../fixtures/shop.fixture.ts'
import { troubledLog } from '../fixtures/troubled-log.fixture.ts'

const order = shop.orders({ orderId: '1' })
const placed = (total: number) => ({ topic: order, name: 'placed', data: { total } }) as const

describe('publishMany', () => {
  it('appends all in one go, next to each other, and gives their ids in order', async () => {
    const log = troubledLog(memoryLog({ epoch: 'e1' }))
    const { url, events } = await serve({ log })
    const stream = await openStream(url('?topic=orders/1&topic=prices/x'))
    await stream.next()
    const published = await Promise.all([
      events.publishMany([
        placed(1),
        { topic: shop.prices({ symbol: 'x' }), name: 'tick', data: 2 },
        { topic: order, name: 'shipped', data: { carrier: 'c' } },
      ]),
      events.publish(order, 'placed', { total: 4 }),
    ])
    expect(published).toEqual([[{ id: 'e1.1' }, { id: 'e1.2' }, { id: 'e1.3' }], { id: 'e1.4' }])
    expect(log.calls.append).toBe(2)
    expect(await stream.take(4)).toMatchObject([
      { id: 'e1.1', topic: 'orders/1', data: { total: 1 } },
      { id: 'e1.2', topic: 'prices/x', data: 2 },
      { id: 'e1.3', event: 'shipped', version: '2' },
      { id: 'e1.4', data: { total: 4 } },
    ])
  })

  it.each([
    ['data that does not fit', { ...placed(1), data: { total: 'x' } }, DataError],
    ['an event that is none', { ...placed(1), name: 'gone' }, PublishError],
    ['a pattern', { ...placed(1), topic: (shop.orders as () => unknown)() }, PublishError],
    ['a pattern with some params', { ...placed(1), topic: { ...order, kind: 'pattern' } }, PublishError],
    [
      'an event too large',
      { ...placed(1), data: { total: 1, note: 'x'.repeat(200_000) } },
      EventTooLargeError,
    ],
    ['a reserved key', { ...placed(1), key: 'millrace.end:orders/1' }, PublishError],
    ['nothing', undefined, TypeError],
  ])('with %s among them appends none', async (_, wrong, error) => {
    const { events, log } = prepare()
    const items = [placed(1), wrong, placed(2)] as unknown as []
    await expect(events.publishMany(items)).rejects.toBeInstanceOf(error)
    expect(await log.bounds()).toMatchObject({ head: 0 })
  })

  it('knows keys, also among its own', async () => {
    const { events } = prepare()
    const keyed = (total: number, key: string) => ({ ...placed(total), key })
    expect(await events.publishMany([keyed(1, 'a'), keyed(2, 'b'), keyed(3, 'a')])).toEqual([
      { id: 'e1.1' },
      { id: 'e1.2' },
      { id: 'e1.1' },
    ])
    expect(await events.publishMany([keyed(4, 'b'), keyed(5, 'c')])).toEqual([{ id: 'e1.2' }, { id: 'e1.3' }])
  })

  it('of nothing asks the log for nothing', async () => {
    const log = troubledLog(memoryLog())
    const { events } = prepare({ log })
    expect(await events.publishMany([])).toEqual([])
    expect(log.calls.append).toBe(0)
  })

  it('rejects when the log does, when its answer is none, and after the end', async () => {
    const log = troubledLog(memoryLog())
    const { events } = prepare({ log })
    log.fail('append', new Error('full'))
    await expect(events.publishMany([placed(1)])).rejects.toThrow('full')
    log.fail('append', undefined)
    log.append = async () => []
    await expect(events.publishMany([placed(1)])).rejects.toThrow(TypeError)
    await events.close()
    await expect(events.publishMany([placed(1)])).rejects.toBeInstanceOf(ServerClosedError)
  })
})
