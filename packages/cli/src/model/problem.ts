/** Something in a document that a person should know. */
export interface Problem {
  /** An `error` stops the import; a `loss` was left out or loosened; a `warning` was mended and does no harm. */
  readonly severity: 'error' | 'loss' | 'warning'
  /** File, and the place in it as a JSON Pointer, where known with the line: `api.yaml:12 #/channels/orders`. */
  readonly file: string
  readonly pointer: string
  readonly line?: number
  /** What it is about, where `millrace lint` has a rule of its own: a value that does not fit, or what only code can say. */
  readonly about?: 'example' | 'default' | 'code'
  /** What is wrong, and what to do about it. */
  readonly message: string
}
