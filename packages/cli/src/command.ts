import type { Terminal } from './terminal.ts'

/** One of the things that `millrace` does. */
export interface Command {
  /** How to use it, with examples, as `--help` prints it. */
  readonly usage: string
  /**
   * Does it.
   *
   * @returns the exit code: 0 when all is well, 1 when what it was asked to judge or to do is not
   * @throws UsageError, InputError
   */
  run(args: readonly string[], terminal: Terminal): Promise<number>
}
