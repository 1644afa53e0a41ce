import type { ContractModel } from '../../model/contract-model.ts'
import { resolveSchema } from '../../model/definitions.ts'
import type { JsonSchema, JsonSchemaObject } from '../../model/json-schema.ts'
import type { PlainCodecWords } from './codecs.ts'

/** A schema within that of a collection, and the steps of a JSON Pointer to it. */
export interface HeldSchema {
  readonly schema: JsonSchema
  readonly pointer: string
}

/** What a set or a map holds: its items, or its keys and its values. */
export function heldSchemas(
  { items = true }: JsonSchemaObject,
  holds: PlainCodecWords['holds'],
  definitions: ContractModel['definitions'],
): readonly HeldSchema[] {
  if (holds === undefined) return []
  if (holds === 'items') return [{ schema: items, pointer: 'items' }]
  const pair = resolveSchema(items, definitions)
  return [0, 1].map((index) => ({
    schema: (typeof pair === 'object' ? pair.prefixItems?.[index] : undefined) ?? true,
    pointer: `items/prefixItems/${index}`,
  }))
}
