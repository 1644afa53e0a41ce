import type { FileEvent, Line } from '@millrace/sample-contracts'
import { describe, expect, it } from 'vitest'
import { createEntryMaker } from './file-event-entry.ts'

const base = { params: { file: 'app.log' }, topic: 'files/app.log', id: 'e.1', time: 5000 } as const
const plain: Line = { text: 'x', level: 'info', at: null, byte: 0, omitted: 0, earlier: false }
const line = (data: Partial<Line>): FileEvent => ({ ...base, name: 'line', data: { ...plain, ...data } })

describe('a line', () => {
  it('has its own time, else that of its publication, unless it is an earlier one', () => {
    const make = createEntryMaker()
    expect(make(line({ at: new Date(1000) })).time).toBe(1000)
    expect(make(line({})).time).toBe(5000)
    expect(make(line({ earlier: true })).time).toBeUndefined()
  })

  it('that continues another has its level', () => {
    const make = createEntryMaker()
    make(line({ text: 'TypeError: no', level: 'error' }))
    expect(make(line({ text: '    at run (app.js:1:1)', level: 'unknown' }))).toMatchObject({
      level: 'error',
      continued: true,
    })
    expect(make(line({ text: 'something else', level: 'unknown' }))).toMatchObject({ level: 'unknown' })
    expect(make(line({ text: '  indented', level: 'unknown' }))).toMatchObject({ level: 'unknown' })
  })
})

it.each([
  [{ ...base, name: 'opened', data: { size: 0, from: 0 } }, 'following app.log'],
  [
    { ...base, name: 'opened', data: { size: 3_145_728, from: 3_143_680 } },
    'following app.log, the last 2 KiB of 3 MiB',
  ],
  [{ ...base, name: 'rotated', data: { size: 9, from: 0 } }, 'app.log was rotated, a new file begins here'],
  [{ ...base, name: 'truncated', data: { size: 9, from: 0 } }, 'app.log was emptied and written anew'],
  [{ ...base, name: 'missing', data: {} }, 'app.log is not there, waiting for it'],
  [
    { ...base, name: 'unreadable', data: { reason: 'permission denied' } },
    'app.log cannot be read: permission denied',
  ],
] as const satisfies readonly (readonly [FileEvent, string])[])('%o', (event, text) => {
  expect(createEntryMaker()(event)).toMatchObject({ kind: 'mark', text, time: 5000 })
})
