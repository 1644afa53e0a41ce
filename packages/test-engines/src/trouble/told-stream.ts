import { controlEvent, type SseItem, SseParser } from '@millrace/protocol'
import type { EventServer } from '@millrace/server'
import { expect, vi } from 'vitest'

/** How long a stream is waited for, in milliseconds: an engine may have to begin again meanwhile. */
const patience = 30_000

const verdicts = new Map<string, string>([
  [controlEvent.open, 'open'],
  [controlEvent.reset, 'reset'],
])

/** What a plain reader of a line is told: `open resumed`, `reset trimmed`, and the numbers of events as text. */
export class ToldStream {
  readonly told: string[] = []
  /** Whether it has come to its end. */
  ended = false
  readonly #controller = new AbortController()

  /** Opens a stream. @param cursor where it goes on from */
  static async open(events: EventServer, line: string, cursor?: string): Promise<ToldStream> {
    const stream = new ToldStream()
    const { body, status } = await events.fetch(
      new Request(`http://here/events?topic=lines/${line}`, {
        signal: stream.#controller.signal,
        ...(cursor !== undefined && { headers: { 'last-event-id': cursor } }),
      }),
    )
    expect(status).toBe(200)
    void stream.#read(body as ReadableStream<Uint8Array>)
    return stream
  }

  /** Resolves when so much was told. */
  async count(count: number): Promise<readonly string[]> {
    await vi.waitFor(() => expect(this.told.length).toBeGreaterThanOrEqual(count), {
      timeout: patience,
      interval: 5,
    })
    return this.told
  }

  /** Resolves when something was told. */
  async until(text: string): Promise<readonly string[]> {
    await vi.waitFor(() => expect(this.told).toContain(text), { timeout: patience, interval: 5 })
    return this.told
  }

  stop(): void {
    this.#controller.abort()
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    const parser = new SseParser()
    const reader = body.getReader()
    try {
      for (;;) {
        const { done, value } = await reader.read()
        if (done) break
        parser.push(value)
        for (let item = parser.next(); item; item = parser.next()) this.#note(item)
      }
    } catch {
      // It was stopped.
    }
    this.ended = true
  }

  #note(item: SseItem): void {
    if (!('event' in item)) return
    const { event, data } = item
    const { verdict, number } = JSON.parse(data)
    this.told.push(verdicts.has(event) ? `${verdicts.get(event)} ${verdict}` : `${number ?? event}`)
  }
}
