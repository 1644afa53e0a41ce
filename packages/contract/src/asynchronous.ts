/** Whether a value is a native async function. Only of those it shows before they run. */
export function isAsyncFunction(value: unknown): boolean {
  return Object.prototype.toString.call(value) === '[object AsyncFunction]'
}

export function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}

/** For a promise that nobody waits for: what it rejects with is not to end the process. */
export function ignore(promise: PromiseLike<unknown>): void {
  promise.then(undefined, () => {})
}
