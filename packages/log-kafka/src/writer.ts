import { markFor, type Standing, type Writing } from './entry.ts'
import { isPassing } from './errors.ts'
import type { History } from './history.ts'
import type { Lookout } from './lookout.ts'
import type { Topic } from './topic.ts'

/** Writes for the place after all that is known, where alone it counts. */
export class Writer {
  readonly #topic: Topic
  readonly #lookout: Lookout

  constructor(topic: Topic, lookout: Lookout) {
    this.#topic = topic
    this.#lookout = lookout
  }

  /** Answers whether it stands there. */
  async write(history: History, make: (place: number, standing: Standing) => Writing): Promise<boolean> {
    const place = history.end
    const { messages, entries } = make(place, history.standing)
    let stands: number
    try {
      stands = await this.#topic.produce(messages)
    } catch (error) {
      // It may stand there all the same.
      this.#lookout.doubt()
      if (!isPassing(error)) throw error
      return false
    }
    if (stands !== place) return false
    history.take(entries, place, place + messages.length, Date.now())
    this.#lookout.confirm()
    return true
  }

  /** Writes how the log stands from there on. */
  mark(history: History, stand: (standing: Standing) => Standing): Promise<boolean> {
    return this.write(history, (place, standing) => markFor(place, stand(standing)))
  }
}
