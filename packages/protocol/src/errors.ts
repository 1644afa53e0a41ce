const brand = Symbol.for('millrace.error')

/**
 * Base of the errors that Millrace throws. `code` says which kind it is and never changes once published, so
 * callers branch on it and show `message` to people.
 */
export class MillraceError extends Error {
  /** The kind of the error: short kebab-case text, one for each class. */
  declare readonly code: string

  /**
   * A subclass passes its own name as text, because a minifier renames the class.
   *
   * @param data what its instances carry, which it declares, and their `cause`
   */
  constructor(name: string, code: string, message: string, data?: object) {
    super(message, data as ErrorOptions)
    Object.defineProperty(this, brand, { value: true })
    Object.assign(this, data, { name, code })
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

/** The `isInstance` of a subclass, which may be handed on without it. */
export function isErrorOf<Kind extends MillraceError>(code: string): (value: unknown) => value is Kind {
  return (value): value is Kind => MillraceError.isInstance(value, code)
}
