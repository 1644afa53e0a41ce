import type { ChannelModel } from '../../model/contract-model.ts'
import type { JsonSchema } from '../../model/json-schema.ts'
import { subschemasOf } from '../../model/subschemas.ts'
import { type Definitions, definitionName } from '../schema/schema-view.ts'

/** The definitions that channels need, and every schema in them and in the channels. */
export function reachable(
  channels: readonly ChannelModel[],
  definitions: Definitions,
): { definitions: Record<string, JsonSchema>; schemas: ReadonlySet<JsonSchema> } {
  const names = new Set<string>()
  const schemas = new Set<JsonSchema>()

  const waiting = channels.flatMap(({ params, events, snapshot }) =>
    [...params, ...events, ...(snapshot === undefined ? [] : [snapshot])].map(({ schema }) => schema),
  )
  for (let schema = waiting.pop(); schema !== undefined; schema = waiting.pop()) {
    if (typeof schema === 'boolean' || schemas.has(schema)) continue
    schemas.add(schema)
    if (schema.$ref !== undefined) {
      const name = definitionName(schema.$ref)
      names.add(name)
      waiting.push(definitions.get(name) ?? true)
    }
    for (const [child] of subschemasOf(schema)) waiting.push(child)
  }
  const needed = [...definitions].filter(([name]) => names.has(name))
  return { definitions: Object.fromEntries(needed), schemas }
}
