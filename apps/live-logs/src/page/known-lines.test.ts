import { expect, it } from 'vitest'
import type { LineEntry } from './entry.ts'
import { KnownLines } from './known-lines.ts'

function line(byte: number, text: string, rest: Partial<LineEntry> = {}): LineEntry {
  const others = { level: 'info', continued: false, time: 0, omitted: 0, earlier: false } as const
  return { kind: 'line', file: 'a.log', byte, text, ...others, ...rest }
}
const earlier = { earlier: true }

it('knows a line that is read again, and only that one', () => {
  const known = new KnownLines(10)
  expect(known.add(line(0, 'one'))).toBe(true)
  expect(known.add(line(0, 'one', earlier))).toBe(false)
  expect(known.add(line(0, 'other', earlier))).toBe(true)
  expect(known.add(line(4, 'one', earlier))).toBe(true)
  expect(known.add(line(0, 'other', { ...earlier, file: 'b.log' }))).toBe(true)
})

it('takes a new line as new, though a rotated file began with the same one', () => {
  const known = new KnownLines(10)
  known.add(line(0, 'started'))
  expect(known.add(line(0, 'started'))).toBe(true)
})

it('forgets the oldest', () => {
  const known = new KnownLines(2)
  for (const byte of [0, 1, 2]) known.add(line(byte, 'x'))
  expect(known.add(line(2, 'x', earlier))).toBe(false)
  expect(known.add(line(0, 'x', earlier))).toBe(true)
})
