import type { ContractModel } from '../model/contract-model.ts'
import type { JsonSchema } from '../model/json-schema.ts'
import type { Problem } from '../model/problem.ts'

/** A contract as it was read, or why it could not be. */
export interface SourceContract {
  readonly name: string
  /** What a module exports it as. */
  readonly exportName?: string
  /** `undefined` where an `error` is among the problems. */
  readonly model: ContractModel | undefined
  readonly problems: readonly Problem[]
  /** Where a schema of the model stands in its document. */
  readonly placeOf?: PlaceOf
}

export type PlaceOf = (schema: JsonSchema) => Pick<Problem, 'file' | 'pointer' | 'line'> | undefined

/** What was named on the command line, read. */
export interface Source {
  /** As it was named. */
  readonly label: string
  readonly kind: 'module' | 'document'
  readonly contracts: readonly SourceContract[]
  /** The other files of a document. */
  readonly parts: readonly string[]
}
