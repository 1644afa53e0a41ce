import type { JsonSchema } from '../../model/json-schema.ts'
import type { Place } from '../source/place.ts'

/** What a document says of a contract, with its own names and addresses. */
export interface DraftContract {
  readonly place: Place
  readonly name: string | undefined
  readonly title: string | undefined
  readonly version: Place | undefined
  readonly description: string | undefined
  readonly channels: readonly DraftChannel[]
  /** What to say where no event was found. */
  readonly whyEmpty?: string
}

export interface DraftChannel {
  readonly place: Place
  /** Its name in the document, from which it gets one in the contract. */
  readonly key: string
  readonly address: string
  readonly description: string | undefined
  readonly deliver?: 'every' | 'latest'
  /** What the document says of params, by their names in the address. */
  readonly params: readonly DraftParam[]
  readonly events: readonly DraftEvent[]
  readonly snapshot?: DraftEvent | undefined
}

export interface DraftParam {
  readonly place: Place
  readonly name: string
  readonly schema: JsonSchema
  readonly description: string | undefined
}

export interface DraftEvent {
  readonly place: Place
  /** Names that it could have, the best first. */
  readonly names: readonly string[]
  readonly schema: JsonSchema
  readonly version?: number
  readonly upgradesFrom?: readonly number[]
  readonly title: string | undefined
  readonly description: string | undefined
  readonly deprecated: boolean
  readonly examples: readonly DraftExample[]
}

export interface DraftExample {
  readonly place: Place
  readonly value: unknown
}
