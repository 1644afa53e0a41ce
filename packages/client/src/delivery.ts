import { ConnectionError } from './connection-error.ts'
import type { EventStream } from './event-stream.ts'
import type { Router } from './router.ts'

/** An open stream on its way to the subscriptions: it is read as fast as they take what it brings, and no faster. */
export class Delivery {
  readonly router: Router
  /** When it began, in milliseconds since 1970. */
  readonly openedAt: number
  /** Resolves when it is over. */
  readonly over: Promise<void>
  /** Why it is over; `undefined` when it was ended from here. */
  failure: ConnectionError | undefined
  live = true
  readonly #stream: EventStream
  #release: (() => void) | undefined

  constructor(stream: EventStream, router: Router, openedAt: number) {
    this.#stream = stream
    this.router = router
    this.openedAt = openedAt
    this.over = this.#run()
  }

  /** Ends the stream, and resolves once what was being handled is done. What comes after it is the next stream's. */
  finish(): Promise<void> {
    this.live = false
    this.#stream.abort()
    return this.over
  }

  /** Ends everything at once. Nobody waits for a handler that is still at work. */
  abort(): void {
    void this.finish()
    this.#release?.()
  }

  async #run(): Promise<void> {
    try {
      let item = await this.#stream.read()
      for (;;) {
        if (!item || item instanceof ConnectionError) {
          this.failure = item
          return
        }
        if (!this.live) return
        const handling = this.router.handle(item)
        if (handling) await this.#unlessReleased(handling)
        this.router.moveTo(item.lastEventId)
        // A turn of the event loop only where something is waited for.
        item = this.#stream.next() ?? (await this.#stream.read())
      }
    } catch (error) {
      if (!ConnectionError.isInstance(error)) throw error
      this.failure = error
      this.#stream.abort()
    } finally {
      this.live = false
    }
  }

  // Not a race with one lasting promise, which would hold on to every handler's.
  #unlessReleased(handling: Promise<unknown>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#release = () => resolve(undefined)
      handling.then(resolve, reject)
    })
  }
}
