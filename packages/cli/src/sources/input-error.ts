/** Something on the command line that is not there or cannot be read. Its message says what, where, and what to do. */
export class InputError extends Error {
  override readonly name = 'InputError'
}
