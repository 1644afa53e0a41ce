import type { ContractModel } from '../model/contract-model.ts'
import type { JsonSchema } from '../model/json-schema.ts'
import type { Place } from '../model/place.ts'
import { subschemasOf } from '../model/subschemas.ts'

/** The schema at a place; `undefined` where none is, as for a channel. */
export function schemaAt(model: ContractModel, place: Place): JsonSchema | undefined {
  const root = rootAt(model, place)
  return root === undefined ? undefined : descend(root, place.pointer?.slice(1) ?? '')
}

function rootAt({ channels, definitions }: ContractModel, place: Place): JsonSchema | undefined {
  if (place.definition !== undefined) return definitions[place.definition]
  const channel = channels.find(({ key }) => key === place.channel)
  if (place.snapshot) return channel?.snapshot?.schema
  const named = ({ name }: { readonly name: string }) => name === (place.event ?? place.param)
  return (place.event === undefined ? channel?.params : channel?.events)?.find(named)?.schema
}

function descend(schema: JsonSchema, pointer: string): JsonSchema | undefined {
  if (pointer === '') return schema
  for (const [child, step] of subschemasOf(schema)) {
    if (pointer === step) return child
    if (pointer.startsWith(`${step}/`)) return descend(child, pointer.slice(step.length + 1))
  }
  return undefined
}
