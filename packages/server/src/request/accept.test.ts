import { expect, it } from 'vitest'
import { acceptsEventStream } from './accept.ts'

it.each([
  [undefined, true],
  ['', true],
  [' ', true],
  ['text/event-stream', true],
  ['TEXT/Event-Stream', true],
  ['text/event-stream; charset=utf-8', true],
  ['text/event-stream;q=0.1', true],
  ['text/html, text/event-stream', true],
  ['text/*', true],
  ['*/*', true],
  ['application/json, */*;q=0.5', true],
  ['text/html', false],
  ['application/json', false],
  ['text/event-streams', false],
  ['text/event-stream;q=0', false],
  ['text/event-stream; q=0.000', false],
  ['*/*;q=0', false],
  // The more specific range decides, wherever it stands.
  ['*/*, text/event-stream;q=0', false],
  ['*/*;q=0, text/event-stream', true],
  ['text/*;q=0, */*', false],
])('accept: %s → %s', (accept, expected) => {
  expect(acceptsEventStream(accept)).toBe(expected)
})
