import type { BenchmarkEvent } from './event.ts'

/** An event and the id under which a subscriber may come back for what follows it. */
export interface HeldEvent {
  readonly id: string
  readonly data: BenchmarkEvent
}

/** The events of a peer that has no memory of its own, as its users keep them: an array. Ids are numbers from 1. */
export class History {
  readonly #events: HeldEvent[] = []

  add(data: BenchmarkEvent): HeldEvent {
    const event = { id: String(this.#events.length + 1), data }
    this.#events.push(event)
    return event
  }

  /** Id of the newest event. */
  get last(): string {
    return String(this.#events.length)
  }

  /** What followed an id; nothing for no id. */
  after(id: string | null | undefined): readonly HeldEvent[] {
    return id === null || id === undefined || id === '' ? [] : this.#events.slice(Number(id))
  }
}
