import { MillraceError } from '@millrace/protocol'
import type { Clock } from '../clock.ts'

/** Where cursors are kept: anything with `get` and `set`, at once or by promises, or a `Storage` such as `localStorage`. */
export type CursorStore =
  | {
      /** The text under a key; `undefined` or `null` where there is none. */
      get(key: string): Answer<string | null | undefined>
      /** Keeps a text under a key. What it returns or resolves to does not matter; when it throws or rejects, the text was not kept. */
      set(key: string, text: string): unknown
    }
  | {
      getItem(key: string): Answer<string | null | undefined>
      setItem(key: string, text: string): unknown
    }

type Answer<T> = T | PromiseLike<T>

/** One way to call all of them. May throw what they throw. */
export interface PlainStore {
  readonly get: (key: string) => Answer<string | null | undefined>
  readonly set: (key: string, text: string) => unknown
}

/** @throws TypeError for what is no store */
export function readStore(store: CursorStore): PlainStore {
  if (typeof (store as Partial<PlainStore> | undefined)?.get === 'function') {
    const plain = store as PlainStore
    return { get: (key) => plain.get(key), set: (key, text) => plain.set(key, text) }
  }
  const storage = store as Storage
  if (typeof (storage as Partial<Storage> | undefined)?.getItem !== 'function') {
    throw new TypeError('store must have get and set, or getItem and setItem')
  }
  return { get: (key) => storage.getItem(key), set: (key, text) => storage.setItem(key, text) }
}

/**
 * What a store answers, or a rejection (`code` is `timeout`) where that takes too long. What has come at once is given at once.
 *
 * @returns the answer, and what ends the wait for it
 */
export function inTime<T>(
  answer: Answer<T>,
  clock: Clock,
  milliseconds: number,
): { readonly answer: T | Promise<T>; readonly cancel?: () => void } {
  if (typeof (answer as Partial<PromiseLike<T>> | null | undefined)?.then !== 'function') {
    return { answer: answer as T }
  }
  let cancel = () => {}
  const late = new Promise<never>((_, reject) => {
    cancel = clock.after(milliseconds, () =>
      reject(
        new MillraceError('TimeoutError', 'timeout', `The store has not answered within ${milliseconds} ms`),
      ),
    )
  })
  return { answer: Promise.race([answer, late]).finally(cancel), cancel }
}
