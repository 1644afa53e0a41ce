import { describe, expect, it } from 'vitest'
import { retentionFinding } from './diagnosis.ts'
import { memoryLog } from './memory-log.ts'

const hour = 3_600_000

describe('retention', () => {
  it.each([
    ['none by age', Number.POSITIVE_INFINITY, hour, 'ok'],
    ['longer than streams last', 2 * hour, hour, 'ok'],
    ['as long as streams last', hour, hour, 'ok'],
    ['shorter than streams last', hour - 1, hour, 'warn'],
    ['of streams without end', 24 * hour, Number.POSITIVE_INFINITY, 'warn'],
    ['of streams whose age nobody knows', hour, undefined, 'ok'],
    ['shorter than a client waits', 59_999, undefined, 'fault'],
  ] as const)('%s', (_, maxAge, streamAge, level) => {
    const finding = retentionFinding(maxAge, streamAge === undefined ? {} : { streamAge })
    expect(finding).toMatchObject({ level, subject: 'retention' })
    expect(finding.cure !== undefined).toBe(level !== 'ok')
  })

  it('is told in seconds', () => {
    expect(retentionFinding(2 * hour).message).toBe('Records are kept for 7,200 s')
  })
})

describe('a memory log', () => {
  it('says that it is of one process, and how long it keeps', async () => {
    const log = memoryLog({ maxAge: 1_000 })
    expect(await log.diagnose?.()).toEqual([
      expect.objectContaining({ level: 'warn', subject: 'processes' }),
      expect.objectContaining({ level: 'fault', subject: 'retention' }),
    ])
    await log.close()
    await expect(log.diagnose?.()).rejects.toMatchObject({ code: 'log-closed' })
  })
})
