/** Why a module gave no contract. */
export type LoadFault = 'not-found' | 'syntax' | 'threw' | 'no-contract'

/** A module that gives no contract. Its message is for a terminal: it says what, where, and what to do. */
export class ContractLoadError extends Error {
  override readonly name = 'ContractLoadError'
  readonly fault: LoadFault
  readonly file: string

  constructor(fault: LoadFault, file: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.fault = fault
    this.file = file
  }
}
