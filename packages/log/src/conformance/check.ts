import { MillraceError } from '@millrace/protocol'

/** A log broke a promise. Test runners print `actual` and `expected` side by side. */
export class ConformanceError extends MillraceError {
  readonly actual: unknown
  readonly expected: unknown

  constructor(message: string, actual?: unknown, expected?: unknown) {
    super('ConformanceError', 'log-conformance', message)
    this.actual = actual
    this.expected = expected
  }
}

/** Fails with the message unless the condition holds. */
export function check(condition: boolean, message: string): asserts condition {
  if (!condition) throw new ConformanceError(message)
}

/** Fails unless two plain values are equal all the way down, an absent property being other than `undefined`. */
export function checkEqual(actual: unknown, expected: unknown, what: string): void {
  if (equal(actual, expected)) return
  throw new ConformanceError(`${what}: ${brief(actual)} instead of ${brief(expected)}`, actual, expected)
}

/** Fails unless the promise is rejected with an error that the guard accepts. */
export async function checkRejects(
  promise: Promise<unknown>,
  accepts: (error: unknown) => boolean,
  what: string,
): Promise<void> {
  const outcome = await promise.then(
    () => ({ rejected: false, error: undefined }),
    (error: unknown) => ({ rejected: true, error }),
  )
  check(outcome.rejected, `${what}: nothing was thrown`)
  check(accepts(outcome.error), `${what}: it was ${String(outcome.error)}`)
}

function equal(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false
  if (Array.isArray(one) !== Array.isArray(other)) return false
  const names = Object.keys(one)
  if (names.length !== Object.keys(other).length) return false
  return names.every(
    (name) => Object.hasOwn(other, name) && equal(Reflect.get(one, name), Reflect.get(other, name)),
  )
}

function brief(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}
