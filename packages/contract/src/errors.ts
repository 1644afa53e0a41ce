const brand = Symbol.for('millrace.contract.error')

/** One thing that is wrong with a value, and where in it. */
export interface Issue {
  readonly path: readonly PropertyKey[]
  readonly message: string
}

/** Base of what this package throws. `isInstance` holds across copies of the package, where `instanceof` does not. */
abstract class ContractFault extends Error {
  abstract readonly code: string
  readonly [brand] = true

  static isInstance(value: unknown): value is ContractFault {
    return typeof value === 'object' && value !== null && brand in value
  }
}

/** A contract that cannot hold, found where it is defined. The author of the contract is to mend it. */
export class ContractError extends ContractFault {
  override readonly name = 'ContractError'
  readonly code = 'contract'
}

/** Params that give no address, or an address that gives no params of its channel. */
export class AddressError extends ContractFault {
  override readonly name = 'AddressError'
  readonly code = 'address'
  readonly issues: readonly Issue[]

  constructor(message: string, issues: readonly Issue[] = []) {
    super(describe(message, issues))
    this.issues = issues
  }
}

/** Why data is not an event's data. */
export type DataFault = 'invalid' | 'newer-version' | 'no-upgrade'

/** Data that does not fit the schema of its event, on the way in or out. */
export class DataError extends ContractFault {
  override readonly name = 'DataError'
  readonly code = 'data'
  readonly reason: DataFault
  readonly issues: readonly Issue[]

  constructor(message: string, reason: DataFault, issues: readonly Issue[] = [], options?: ErrorOptions) {
    super(describe(message, issues), options)
    this.reason = reason
    this.issues = issues
  }
}

function describe(message: string, issues: readonly Issue[]): string {
  if (issues.length === 0) return message
  return `${message}: ${issues.map((issue) => `${formatPath(issue.path)}${issue.message}`).join('; ')}`
}

function formatPath(path: readonly PropertyKey[]): string {
  return path.length === 0 ? '' : `${path.map(String).join('.')}: `
}
