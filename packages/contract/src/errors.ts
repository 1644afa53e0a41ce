const brand = Symbol.for('millrace.contract.error')

/** One thing that is wrong with a value, and where in it. */
export interface Issue {
  readonly path: readonly PropertyKey[]
  readonly message: string
}

/** Base of what this package throws. `code` says which kind it is, so that callers branch on it. */
class ContractFault extends Error {
  /** The kind of the error: one for each class. */
  readonly code: string

  /** A subclass passes its own name as text, because a minifier renames the class. */
  constructor(name: string, code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = name
    this.code = code
    Object.defineProperty(this, brand, { value: true })
  }

  /** Whether a value is such an error. Holds across copies of this package, where `instanceof` does not. */
  static isInstance(value: unknown): value is ContractFault {
    return typeof value === 'object' && value !== null && brand in value
  }
}

/** A contract that cannot hold, found where it is defined. The author of the contract is to mend it. */
export class ContractError extends ContractFault {
  constructor(message: string) {
    super('ContractError', 'contract', message)
  }

  static override isInstance(value: unknown): value is ContractError {
    return ContractFault.isInstance(value) && value.code === 'contract'
  }
}

/** Params that give no address, or an address that gives no params of its channel. */
export class AddressError extends ContractFault {
  /** What is wrong, and where in the param. */
  readonly issues: readonly Issue[]

  constructor(message: string, issues: readonly Issue[] = [], options?: ErrorOptions) {
    super('AddressError', 'address', describe(message, issues), options)
    this.issues = issues
  }

  static override isInstance(value: unknown): value is AddressError {
    return ContractFault.isInstance(value) && value.code === 'address'
  }
}

/** Why data is not an event's data. */
export type DataFault = 'invalid' | 'newer-version' | 'no-upgrade'

/** Data that does not fit the schema of its event, on the way in or out. */
export class DataError extends ContractFault {
  readonly reason: DataFault
  /** What is wrong, and where in the data. */
  readonly issues: readonly Issue[]

  constructor(message: string, reason: DataFault, issues: readonly Issue[] = [], options?: ErrorOptions) {
    super('DataError', 'data', describe(message, issues), options)
    this.reason = reason
    this.issues = issues
  }

  static override isInstance(value: unknown): value is DataError {
    return ContractFault.isInstance(value) && value.code === 'data'
  }
}

function describe(message: string, issues: readonly Issue[]): string {
  if (issues.length === 0) return message
  return `${message}: ${issues.map((issue) => `${formatPath(issue.path)}${issue.message}`).join('; ')}`
}

function formatPath(path: readonly PropertyKey[]): string {
  return path.length === 0 ? '' : `${path.map(String).join('.')}: `
}
