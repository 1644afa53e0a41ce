import { expect, test } from 'vitest'
import { createEvent } from '../event.ts'
import { faultOf } from './samples.ts'

const frame = (number: number, wrap = (event: unknown) => event) =>
  `id: ${number}\ndata: ${JSON.stringify(wrap(createEvent(number)))}\n\n`
const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`

test('finds nothing wrong with a whole stream, chunked or not', () => {
  const text = `:\n\n${frame(1)}${frame(2)}`
  expect(faultOf({ text, events: 2 })).toBeUndefined()
  expect(faultOf({ text: chunk(':\n\n') + chunk(frame(1)) + chunk(frame(2)), events: 2 })).toBeUndefined()
})

test('reads events that are wrapped, and other messages between them', () => {
  const text = `data: {"hello":1}\n\n${frame(1, (json) => ({ json }))}`
  expect(faultOf({ text, events: 1 })).toBeUndefined()
})

test.each([
  ['fewer events than were counted', frame(1), 2, '1 events were parsed and 2 counted'],
  ['a gap', frame(1) + frame(2) + frame(4), 3, 'events are missing or not in order'],
  [
    'an event of another size',
    frame(1, (event) => ({ ...(event as object), more: 1 })),
    1,
    'an event has 209 bytes',
  ],
])('finds %s', (_name, text, events, fault) => {
  expect(faultOf({ text, events })).toBe(fault)
})
