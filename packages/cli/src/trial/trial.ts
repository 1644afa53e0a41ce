import type { Problem } from '../model/problem.ts'

/** What became of a document. */
export interface Trial {
  /** Its path, from the folder of all. */
  readonly file: string
  readonly status: 'passed' | 'failed' | 'refused'
  /** Why it did not pass, or what else a person should know first. */
  readonly reasons: readonly string[]
  readonly channels: number
  readonly events: number
  /** How many examples of events were decoded. */
  readonly examples: number
  readonly problems: readonly Problem[]
  /** The contract that was written. */
  readonly source?: string
  /** Files that it was read with. */
  readonly parts: readonly string[]
}
