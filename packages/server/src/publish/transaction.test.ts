import { DataError } from '@millrace/contract'
import { memoryLog, type NewRecord, shards } from '@millrace/log'
import { describe, expect, it } from 'vitest'
import { PublishError, ServerClosedError } from '../errors.ts'
import { prepare } from '../fixtures/serve.fixture.ts'
import { shop } from '../fixtures/shop.fixture.ts'

const order = shop.orders({ orderId: '1' })

/** A log whose transactions are arrays of what was written in them. */
function transactionalLog() {
  const log = memoryLog({ epoch: 'e1' })
  return {
    ...bound(log),
    async appendWithin(transaction: object, records: readonly NewRecord[]) {
      const written = transaction as NewRecord[]
      if (Object.isFrozen(written)) throw new Error('The transaction is over')
      written.push(...records)
    },
  }
}

function bound(log: ReturnType<typeof memoryLog>) {
  return {
    append: log.append.bind(log),
    read: log.read.bind(log),
    tail: log.tail.bind(log),
    bounds: log.bounds.bind(log),
    close: log.close.bind(log),
  }
}

describe('within a transaction of the application', () => {
  it('an event is encoded, and given to the log with the transaction', async () => {
    const log = transactionalLog()
    const { events } = prepare({ log })
    const transaction: NewRecord[] = []
    expect(await events.publish(order, 'placed', { total: 1 }, { transaction, key: 'one' })).toBeUndefined()
    const items = [
      { topic: order, name: 'shipped', data: { carrier: 'c' } },
      { topic: shop.prices({ symbol: 'x' }), name: 'tick', data: 2 },
    ] as const
    expect(await events.publishMany(items, { transaction })).toBeUndefined()
    expect(transaction).toMatchObject([
      { topic: 'orders/1', event: 'placed', data: '{"total":1}', key: 'one' },
      { topic: 'orders/1', event: 'shipped', version: 2 },
      { topic: 'prices/x', event: 'tick', data: '2' },
    ])
    // It is not there before it commits.
    expect(await log.bounds()).toMatchObject({ head: 0 })
    expect(events.stats().published).toMatchObject({ 'orders/{orderId}': 0, 'prices/{symbol}': 0 })
  })

  it('nothing is written of what does not fit, and none where one does not', async () => {
    const { events } = prepare({ log: transactionalLog() })
    const transaction: NewRecord[] = []
    const wrong = { total: 'x' } as unknown as { total: number }
    await expect(events.publish(order, 'placed', wrong, { transaction })).rejects.toBeInstanceOf(DataError)
    const items = [
      { topic: order, name: 'placed', data: { total: 1 } },
      { topic: order, name: 'placed', data: wrong },
    ] as const
    await expect(events.publishMany(items, { transaction })).rejects.toBeInstanceOf(DataError)
    expect(transaction).toEqual([])
  })

  it('what fails there is told, and counted', async () => {
    const { events } = prepare({ log: transactionalLog() })
    const transaction = Object.freeze([])
    await expect(events.publish(order, 'placed', { total: 1 }, { transaction })).rejects.toThrow('over')
    expect(events.stats().logErrors.append).toBe(1)
    await expect(
      events.publish(order, 'placed', { total: 1 }, { transaction: null as unknown as object }),
    ).rejects.toBeInstanceOf(PublishError)
    await events.close()
    await expect(events.publish(order, 'placed', { total: 1 }, { transaction })).rejects.toBeInstanceOf(
      ServerClosedError,
    )
  })

  it('a log in shards is given it where all of them can', async () => {
    const transaction: NewRecord[] = []
    const { events } = prepare({ log: shards([transactionalLog(), transactionalLog()]) })
    const topics = ['1', '2', '3', '4', '5'].map((orderId) => shop.orders({ orderId }))
    const items = topics.map((topic) => ({ topic, name: 'placed', data: { total: 1 } }) as const)
    await events.publishMany(items, { transaction })
    expect(transaction.map(({ topic }) => topic).sort()).toEqual(topics.map(({ address }) => address))
    const { events: others } = prepare({ log: shards([transactionalLog(), memoryLog()]) })
    await expect(others.publishMany(items, { transaction })).rejects.toBeInstanceOf(PublishError)
    expect(transaction).toHaveLength(5)
  })

  it('nothing is written to a log that cannot, and who can is said', async () => {
    const { events, log } = prepare()
    const published = events.publish(order, 'placed', { total: 1 }, { transaction: {} })
    await expect(published).rejects.toBeInstanceOf(PublishError)
    await expect(published).rejects.toThrow('@millrace/log-postgres')
    expect(await log.bounds()).toMatchObject({ head: 0 })
  })
})
