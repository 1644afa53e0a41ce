import { SseParser } from '@millrace/protocol'
import type { Answer, Ask } from './ask.fixture.ts'

/** An event as any client of the standard sees it, with its data read as JSON. */
export interface SeenEvent {
  readonly event: string
  readonly id: string
  readonly data: unknown
}

/** A stream that is being read. */
export interface EventStream extends Omit<Answer, 'body'> {
  /** The next event. Rejects where the stream ends before. */
  next(): Promise<SeenEvent>
  /** Resolves when the stream is over; rejects where it was cut. */
  readonly ended: Promise<void>
  /** Leaves, as a client that is closed. */
  leave(): Promise<void>
}

/** Opens a stream, and resolves with its head. */
export async function openStream(
  ask: Ask,
  path: string,
  asking: Omit<NonNullable<Parameters<Ask>[1]>, 'signal'> = {},
): Promise<EventStream> {
  const leaving = new AbortController()
  const { body, ...head } = await ask(path, { ...asking, signal: leaving.signal })
  const arrived: SeenEvent[] = []
  let wake = () => {}
  let over = false
  const parser = new SseParser()
  const ended = read()
  // Whether anyone looks is up to the test.
  ended.catch(() => {})
  return {
    ...head,
    ended,
    async next() {
      for (;;) {
        const event = arrived.shift()
        if (event !== undefined) return event
        if (over) throw new Error('The stream ended before that')
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    },
    async leave() {
      leaving.abort()
      await ended.catch(() => {})
    },
  }

  async function read(): Promise<void> {
    try {
      for await (const chunk of body) {
        parser.push(chunk)
        for (let item = parser.next(); item; item = parser.next()) {
          if (!('event' in item)) continue
          const { event, lastEventId: id, data } = item
          arrived.push({ event, id, data: JSON.parse(data) })
        }
        wake()
      }
    } finally {
      over = true
      wake()
    }
  }
}
