import { expect, it } from 'vitest'
import { describeEvent, serializeEvent } from './event-line.ts'

const event = {
  name: 'placed',
  topic: 'orders/42',
  id: 'k3f9.7',
  time: new Date(2026, 10, 21, 9, 5, 7, 4).getTime(),
  data: { total: 10 },
}

it('shows when, where and what', () => {
  expect(describeEvent(event, false)).toBe('09:05:07.004  orders/42  placed  {"total":10}\n')
})

it('paints where it may', () => {
  expect(describeEvent(event, true)).toContain('\u001b[36morders/42\u001b[39m')
})

it('shows an event whose time no clock has', () => {
  expect(describeEvent({ ...event, time: Number.NaN }, false)).toMatch(/^unknown time {2}orders/)
})

it('shows the snapshot of a topic, which is of no time', () => {
  const { time: _, ...state } = { ...event, name: 'millrace.snapshot' }
  expect(describeEvent(state, false)).toBe(`${' '.repeat(12)}  orders/42  millrace.snapshot  {"total":10}\n`)
  expect(JSON.parse(serializeEvent(state))).toEqual(state)
})

it('writes a line of JSON', () => {
  const line = serializeEvent(event)
  expect(line).toMatch(/^[^\n]+\n$/)
  expect(JSON.parse(line)).toEqual(event)
})

it.each(['\u001b[2J', '\u009b31m', '\u0007', '\u007f', '\u202e', '\u2028', '\r', '\u{e0001}'])(
  'gives the terminal no %j, and loses nothing of it',
  (text) => {
    const hostile = { ...event, name: `n${text}`, topic: `t${text}`, data: { text } }
    for (const line of [describeEvent(hostile, false), serializeEvent(hostile)]) {
      expect(line.slice(0, -1)).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u)
    }
    expect(JSON.parse(serializeEvent(hostile))).toEqual(hostile)
  },
)
