import { type Log, memoryLog } from '@millrace/log'
import { describe, expect, it } from 'vitest'
import { shop } from './fixtures/shop.fixture.ts'
import { createEventServer } from './server.ts'

describe('a diagnosis', () => {
  it.each([
    [15_000, 'ok'],
    [30_000, 'ok'],
    [30_001, 'warn'],
    [60_000, 'fault'],
  ])('holds a heartbeat of %i ms against what proxies bear: %s', async (heartbeat, level) => {
    const [finding] = await createEventServer({ contract: shop, log: memoryLog(), heartbeat }).diagnose()
    expect(finding).toMatchObject({ level, subject: 'heartbeat' })
  })

  it('is also that of the log, which learns how long streams last', async () => {
    const log = memoryLog({ maxAge: 120_000 })
    expect(await createEventServer({ contract: shop, log, maxAge: 120_001 }).diagnose()).toEqual([
      expect.objectContaining({ level: 'ok', subject: 'heartbeat' }),
      expect.objectContaining({ level: 'warn', subject: 'processes' }),
      expect.objectContaining({ level: 'warn', subject: 'retention' }),
    ])
    const [, , retention] = await createEventServer({ contract: shop, log, maxAge: 120_000 }).diagnose()
    expect(retention).toMatchObject({ level: 'ok' })
  })

  it('says that a log has none', async () => {
    const { append, read, tail, bounds, close } = bound(memoryLog())
    const log: Log = { append, read, tail, bounds, close }
    expect((await createEventServer({ contract: shop, log }).diagnose())[1]).toMatchObject({
      level: 'warn',
      subject: 'log',
    })
  })
})

function bound(log: Log): Log {
  return {
    append: (records) => log.append(records),
    read: (after, limit) => log.read(after, limit),
    tail: (after, observer) => log.tail(after, observer),
    bounds: () => log.bounds(),
    close: () => log.close(),
  }
}
