/** Where a command runs. */
export interface Terminal {
  /** Writes what was asked for. */
  print(text: string): void
  /** Writes what a person should know beside it. */
  note(text: string): void
  /** Whether `print` may use colours. */
  readonly color: boolean
  /** How many characters a line of `print` has; absent where it is no screen. */
  readonly columns?: number
  /** Whether `note` may use colours. */
  readonly noteColor: boolean
  /** The folder that paths on the command line start from. */
  readonly directory: string
  /** Aborted when the command is to end. */
  readonly signal: AbortSignal
}
