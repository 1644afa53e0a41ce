import type { Log } from '@millrace/log'

type Method = 'bounds' | 'read' | 'append' | 'tail'

/** A log on which a test lets methods fail, or wait until they are let go. */
export interface TroubledLog extends Log {
  /** Calls of each method so far. */
  readonly calls: Readonly<Record<Method, number>>
  /** Lets a method fail from now on, or no more. */
  fail(method: Method, error: Error | undefined): void
  /** Lets the method's calls wait from now on, until the returned function is called. */
  hold(method: 'bounds' | 'read'): () => void
  /** Tells the tails of an error, as an engine that stumbles. */
  stumble(error: unknown): void
}

export function troubledLog(log: Log): TroubledLog {
  const calls = { bounds: 0, read: 0, append: 0, tail: 0 }
  const failing = new Map<Method, Error>()
  const held = new Map<Method, Promise<void>>()
  const observers = new Set<Parameters<Log['tail']>[1]>()

  function enter(method: Method): void {
    calls[method] += 1
    const error = failing.get(method)
    if (error !== undefined) throw error
  }
  return {
    calls,
    async append(records) {
      enter('append')
      return log.append(records)
    },
    async read(after, limit) {
      enter('read')
      const page = await log.read(after, limit)
      await held.get('read')
      return page
    },
    async bounds() {
      enter('bounds')
      const bounds = await log.bounds()
      await held.get('bounds')
      return bounds
    },
    tail(after, observer) {
      enter('tail')
      observers.add(observer)
      return log.tail(after, observer)
    },
    close: () => log.close(),
    fail(method, error) {
      if (error === undefined) failing.delete(method)
      else failing.set(method, error)
    },
    hold(method) {
      let letGo = () => {}
      held.set(
        method,
        new Promise((resolve) => {
          letGo = resolve
        }),
      )
      return () => {
        held.delete(method)
        letGo()
      }
    },
    stumble(error) {
      for (const observer of observers) observer.error?.(error)
    },
  }
}
