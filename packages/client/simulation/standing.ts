import type { Taking } from './scenario.ts'
import type { Told } from './witness.ts'

class Facts<Lane> {
  taking: Taking
  busy: Told | undefined
  closed = false
  ending: 'none' | 'possible' = 'none'
  isOver = false
  isStarted = true
  ready: 'pending' | 'resolved' | 'rejected' = 'pending'
  count = 0
  readonly lanes: Lane[] = []

  constructor(taking: Taking) {
    this.taking = taking
  }
}

/** What is said of a subscription as a whole, in whichever shards of a log it is. */
export class Standing<Lane> {
  readonly #facts: Facts<Lane>

  /** @param same another one of the same subscription */
  constructor(taking: Taking, same: Standing<Lane> | undefined) {
    this.#facts = same === undefined ? new Facts(taking) : same.#facts
  }

  get taking(): Taking {
    return this.#facts.taking
  }

  set taking(taking: Taking) {
    this.#facts.taking = taking
  }

  /** What it handles at the moment. */
  get busy(): Told | undefined {
    return this.#facts.busy
  }

  set busy(told: Told | undefined) {
    this.#facts.busy = told
  }

  /** Ended by its caller. */
  get closed(): boolean {
    return this.#facts.closed
  }

  set closed(closed: boolean) {
    this.#facts.closed = closed
  }

  /** Whether it may have been ended by the server, or is known to be. */
  get ending(): 'none' | 'possible' {
    return this.#facts.ending
  }

  set ending(ending: 'none' | 'possible') {
    this.#facts.ending = ending
  }

  /** Its iterator is done, or has thrown; or the client has let go of its handlers. */
  get isOver(): boolean {
    return this.#facts.isOver
  }

  set isOver(isOver: boolean) {
    this.#facts.isOver = isOver
  }

  /** Whether it is known where it is to begin, which a store may have to tell. */
  get isStarted(): boolean {
    return this.#facts.isStarted
  }

  set isStarted(isStarted: boolean) {
    this.#facts.isStarted = isStarted
  }

  /** What it said of being ready. */
  get ready(): 'pending' | 'resolved' | 'rejected' {
    return this.#facts.ready
  }

  set ready(ready: 'pending' | 'resolved' | 'rejected') {
    this.#facts.ready = ready
  }

  /** How many events it was told. */
  get count(): number {
    return this.#facts.count
  }

  set count(count: number) {
    this.#facts.count = count
  }

  /** One for each shard that it is in. */
  get lanes(): Lane[] {
    return this.#facts.lanes
  }
}
