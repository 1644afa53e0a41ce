/** Refuses what cannot be, said by code without types. @throws TypeError */
export function requireArgument(condition: unknown, message: string): asserts condition {
  if (!condition) throw new TypeError(message)
}
