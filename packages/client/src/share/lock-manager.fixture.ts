import type { ShareLocks } from './environment.ts'

interface Request {
  readonly tab: object
  grant(): void
  /** It was taken away. */
  stolen(): void
}

/** The locks of an origin, as the standard has them, where the runtime may have none; and tabs may end without a word. */
export class LockManager {
  readonly #held = new Map<string, Request>()
  readonly #queues = new Map<string, Request[]>()

  /** The locks as a tab sees them. */
  for(tab: object): ShareLocks {
    return {
      request: (name, { signal, steal }, task) =>
        new Promise((resolve, reject) => {
          if (signal?.aborted) return reject(signal.reason)
          const queue = this.#queues.get(name) ?? []
          this.#queues.set(name, queue)
          const request: Request = {
            tab,
            grant: () => {
              this.#held.set(name, request)
              signal?.removeEventListener('abort', give)
              // As in a browser, never before the call has returned.
              queueMicrotask(async () => {
                try {
                  resolve(await task())
                } catch (error) {
                  reject(error)
                }
                if (this.#held.get(name) === request) this.#release(name)
              })
            },
            stolen: () => reject(new DOMException('The lock was stolen', 'AbortError')),
          }
          const give = () => {
            const place = queue.indexOf(request)
            if (place < 0) return
            queue.splice(place, 1)
            reject(signal?.reason)
          }
          signal?.addEventListener('abort', give)
          if (steal) {
            this.#held.get(name)?.stolen()
            request.grant()
          } else {
            queue.push(request)
            if (!this.#held.has(name)) this.#release(name)
          }
        }),
    }
  }

  /** A tab is gone, however it ended: nothing of it is waited for any more, and it learns of nothing. */
  end(tab: object): void {
    for (const queue of this.#queues.values()) {
      for (const request of [...queue]) if (request.tab === tab) queue.splice(queue.indexOf(request), 1)
    }
    for (const [name, request] of [...this.#held]) if (request.tab === tab) this.#release(name)
  }

  /** How many tabs hold or wait for a lock of this name. */
  count(name: (name: string) => boolean): number {
    const names = [...new Set([...this.#held.keys(), ...this.#queues.keys()])].filter(name)
    return names.reduce(
      (sum, each) => sum + (this.#held.has(each) ? 1 : 0) + (this.#queues.get(each)?.length ?? 0),
      0,
    )
  }

  #release(name: string): void {
    this.#held.delete(name)
    this.#queues.get(name)?.shift()?.grant()
  }
}
