import type { Clock } from './clock.ts'

/** Something was not waited for any longer. */
export class DeadlineError extends Error {}

/**
 * Waits for a promise, but not longer than this many milliseconds: then it rejects with an error of this text. Whatever the promise
 * gives afterwards is nobody's.
 *
 * @throws DeadlineError (rejects)
 */
export function within<Value>(
  promise: Promise<Value>,
  milliseconds: number,
  clock: Clock,
  text: string,
): Promise<Value> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(milliseconds, () => reject(new DeadlineError(text)))
    promise.then(resolve, reject).finally(cancel)
  })
}
