import type { Random } from './random.ts'
import type { VirtualTime } from './virtual-time.ts'

/** How a place for cursors answers; `nothing` where there is none. */
export type ShelfKind = 'nothing' | 'at once' | 'slow' | 'fails'

/** Told of what is read and written, by the name and the address of a subscription. */
export interface ShelfUser {
  /** What it answers is to be told what is read, when that is. */
  reads(durable: string, address: string): (text: string | undefined) => void
  writes(durable: string, address: string, text: string): void
}

/** The store did not keep a cursor, as planned. */
export class PlannedRefusal extends Error {}

/** Where cursors are kept while clients come and go. */
export class CursorShelf {
  readonly #kind: ShelfKind
  readonly #random: Random
  readonly #time: VirtualTime
  readonly #texts = new Map<string, string>()
  readonly #calm: () => boolean

  constructor(kind: ShelfKind, random: Random, time: VirtualTime, calm: () => boolean) {
    this.#kind = kind
    this.#random = random
    this.#time = time
    this.#calm = calm
  }

  /** As one client has it. */
  open(user: ShelfUser): ShelfAccess {
    return new ShelfAccess(user, {
      get: (key) => this.#texts.get(key),
      set: (key, text) => {
        if (this.#kind === 'fails' && !this.#calm() && this.#random.chance(0.3))
          throw new PlannedRefusal('full')
        this.#texts.set(key, text)
      },
      pause: () => (this.#kind === 'at once' ? undefined : this.#pause()),
    })
  }

  #pause(): Promise<void> {
    const milliseconds = this.#random.pick([0, 5, 700])
    return new Promise((resolve) => this.#time.after(milliseconds, 'client', resolve))
  }
}

interface Shelf {
  readonly get: (key: string) => string | undefined
  readonly set: (key: string, text: string) => void
  readonly pause: () => Promise<void> | undefined
}

/** What one client reads and writes there, until it is killed. */
export class ShelfAccess {
  /** How much is under way. */
  busy = 0
  /** Whether nothing of it counts any more. */
  sealed = false
  readonly #user: ShelfUser
  readonly #shelf: Shelf

  constructor(user: ShelfUser, shelf: Shelf) {
    this.#user = user
    this.#shelf = shelf
  }

  readonly get = (key: string): string | undefined | Promise<string | undefined> => {
    const tell = this.#user.reads(...partsOf(key))
    return this.#do(() => {
      const text = this.#shelf.get(key)
      tell(text)
      return text
    })
  }

  readonly set = (key: string, text: string): void | Promise<void> => {
    this.#user.writes(...partsOf(key), text)
    return this.#do(() => {
      if (!this.sealed) this.#shelf.set(key, text)
    })
  }

  #do<Result>(task: () => Result): Result | Promise<Result> {
    const pausing = this.#shelf.pause()
    if (pausing === undefined) return task()
    this.busy += 1
    return pausing.then(task).finally(() => {
      this.busy -= 1
    })
  }
}

function partsOf(key: string): [durable: string, address: string] {
  const parts = JSON.parse(key.slice(key.indexOf(':') + 1)) as string[]
  return parts.slice(-2) as [string, string]
}
