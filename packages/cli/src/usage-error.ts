/** A command line that cannot be obeyed. Its message is for the person who wrote it. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
