const brand = Symbol.for('millrace.error')

/**
 * Base of the errors that Millrace throws. `code` says which kind it is and never changes once published, so
 * callers branch on it and show `message` to people.
 */
export class MillraceError extends Error {
  /** The kind of the error: short kebab-case text, one for each class. */
  readonly code: string

  /** A subclass passes its own name as text, because a minifier renames the class. */
  constructor(name: string, code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = name
    this.code = code
    Object.defineProperty(this, brand, { value: true })
  }

  /**
   * Whether a value is such an error. Holds across copies of this package, where `instanceof` does not.
   *
   * @param code only errors of this kind
   */
  static isInstance(value: unknown, code?: string): value is MillraceError {
    if (typeof value !== 'object' || value === null || !(brand in value)) return false
    return code === undefined || (value as { readonly code?: unknown }).code === code
  }
}
