import { expect, it } from 'vitest'
import { type ByeReason, controlEvent, controlPrefix, type OpenData } from './control.ts'
import { formatCursor, nowhere } from './cursor.ts'
import { encodeFrame } from './frame.ts'
import { itemsOf } from './parser.fixture.ts'
import { SseParser } from './parser.ts'
import type { SseMessage } from './sse-item.ts'
import type { ResetVerdict, Verdict } from './verdict.ts'

function read(...frames: readonly string[]): readonly SseMessage[] {
  const parser = new SseParser({ extensionFields: ['topic'] })
  const items = itemsOf(parser, new TextEncoder().encode(frames.join('')))
  return [...items].filter((item) => 'event' in item)
}

it('control events have names that no contract may use', () => {
  const names = Object.values(controlEvent)
  expect(new Set(names).size).toBe(names.length)
  for (const name of names) expect(name).toMatch(/^millrace\.[a-z]+$/)
  expect(controlPrefix).toBe('millrace.')
})

const verdicts: readonly Verdict[] = ['fresh', 'resumed', 'trimmed', 'epoch', 'ahead', 'diverged', 'invalid']

it.each(verdicts)('a stream that begins %s is read as it was written', (verdict) => {
  const data: OpenData = { verdict, heartbeat: 15_000, now: 'k3f9.1041' }
  const frame = encodeFrame({
    retry: 2000,
    id: formatCursor(nowhere),
    event: controlEvent.open,
    data: JSON.stringify(data),
  })
  const [message] = read(frame)
  expect(message).toMatchObject({ event: 'millrace.open', lastEventId: '0.0' })
  expect(JSON.parse(message?.data ?? '')).toEqual(data)
})

// Cut anywhere, the subscriber still has the old cursor, or was told everything.
it('resets keep the cursor from before until the last of them', () => {
  const reset = (topic: string, verdict: ResetVerdict, id?: string) =>
    encodeFrame({
      ...(id === undefined ? {} : { id }),
      event: controlEvent.reset,
      topic,
      data: JSON.stringify({ verdict }),
    })
  const messages = read(
    encodeFrame({ id: 'old.7', event: controlEvent.open, data: '{"verdict":"epoch","heartbeat":15000}' }),
    reset('orders/*', 'epoch'),
    reset('stock/7', 'epoch', 'new.0'),
  )
  expect(messages.map(({ fields, lastEventId }) => [fields.topic, lastEventId])).toEqual([
    [undefined, 'old.7'],
    ['orders/*', 'old.7'],
    ['stock/7', 'new.0'],
  ])
})

const reasons: readonly ByeReason[] = ['drain', 'overload', 'poll', 'failure']

it.each(reasons)('a good-bye because of %s is read as it was written', (reason) => {
  const data = { reason, retryable: true }
  const frame = encodeFrame({ retry: 5_000, event: controlEvent.bye, data: JSON.stringify(data) })
  expect(read(frame).map(({ event, data }) => [event, JSON.parse(data)])).toEqual([['millrace.bye', data]])
})
