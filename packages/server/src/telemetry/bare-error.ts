// A chain of causes may be a ring.
const mostCauses = 3

/**
 * An error as a log may have it: what it is called and says, where it was thrown, and what caused it. Libraries hang much else on their
 * errors, such as a token's claims or a row's values.
 */
export function bareError(error: unknown, causes = mostCauses): Error {
  if (!(error instanceof Error)) return new Error(`Not an error, but a value of type ${typeof error}`)
  const { name, message, stack, cause } = error
  const bare =
    cause instanceof Error && causes > 0
      ? new Error(message, { cause: bareError(cause, causes - 1) })
      : new Error(message)
  const code = 'code' in error ? error.code : undefined
  bare.stack = stack ?? ''
  // As a member of its own, because loggers show the class otherwise, and that is gone.
  if (name !== bare.name) bare.name = name
  return isCode(code) ? Object.assign(bare, { code }) : bare
}

function isCode(code: unknown): code is string | number {
  return typeof code === 'number' || (typeof code === 'string' && code.length <= 64)
}
