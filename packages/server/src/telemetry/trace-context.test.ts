import { describe, expect, it } from 'vitest'
import { readTraceparent, withTrace } from './trace-context.ts'

const ids = '0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331'

describe('a traceparent', () => {
  it.each([
    ['is taken as it is', `00-${ids}-01`, `00-${ids}-01`],
    ['may be of a trace that is not sampled', `00-${ids}-00`, `00-${ids}-00`],
    ['of a later version is read as the known one', `01-${ids}-01-more`, `00-${ids}-01`],
  ])('%s', (_, text, expected) => {
    expect(readTraceparent(text)).toBe(expected)
  })

  it.each([
    ['nothing', undefined],
    ['no text', 7],
    ['another text', 'x'],
    ['version ff', `ff-${ids}-01`],
    ['capital letters', `00-${ids.toUpperCase()}-01`],
    ['a trace id of zeros', `00-${'0'.repeat(32)}-b7ad6b7169203331-01`],
    ['a parent id of zeros', `00-0af7651916cd43dd8448eb211c80319c-${'0'.repeat(16)}-01`],
    ['more than version 00 has', `00-${ids}-01-more`],
    ['a line end after it', `00-${ids}-01\n`],
    ['a field behind a line end', `00-${ids}-01\ndata: x`],
    ['a later version with a line end', `01-${ids}-01\n`],
  ])('is not %s', (_, text) => {
    expect(readTraceparent(text)).toBeUndefined()
  })
})

it('a record without a trace stays what it is', () => {
  const record: { topic: string; trace?: string } = { topic: 'a' }
  expect(withTrace(record, undefined)).toBe(record)
  expect(withTrace(record, 't')).toEqual({ topic: 'a', trace: 't' })
})
