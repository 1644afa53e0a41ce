import type { ContractModel } from '../../model/contract-model.ts'
import { reachableSchemas, refName } from '../../model/definitions.ts'
import type { JsonSchema, JsonSchemaObject } from '../../model/json-schema.ts'
import { plainCodecOf } from './codecs.ts'
import type { Side } from './type-text.ts'

/** What the parts of the source know of each other while it is written. */
export interface SourceContext {
  readonly definitions: ContractModel['definitions']
  /** Parts that stay as they are on the wire, although they hold codecs. */
  readonly undecoded: Set<JsonSchema>
  /** The name of a definition's type. */
  typeName(definition: string, side: Side): string
  /** The default of a schema on the wire; `undefined` when it has none. */
  defaultOf(schema: JsonSchema): { readonly value: unknown } | undefined
  /** Whether the type in code is another than that on the wire. */
  changes(schema: JsonSchema): boolean
}

export function createSourceContext(
  definitions: ContractModel['definitions'],
  typeNames: ReadonlyMap<string, string>,
): SourceContext {
  const known = new Map<JsonSchema, boolean>()
  const context: SourceContext = {
    definitions,
    undecoded: new Set(),
    typeName(definition, side) {
      const name = typeNames.get(definition) ?? 'unknown'
      return side === 'wire' && context.changes(definitions[definition] ?? true) ? `${name}Wire` : name
    },
    defaultOf(schema) {
      const seen = new Set<JsonSchema>()
      let current: JsonSchema | undefined = schema
      while (typeof current === 'object' && !seen.has(current)) {
        if (current.default !== undefined) return { value: current.default }
        seen.add(current)
        current = current.$ref === undefined ? undefined : definitions[refName(current.$ref)]
      }
      return undefined
    },
    changes(schema) {
      let answer = known.get(schema)
      if (answer === undefined) {
        answer = [...reachableSchemas(schema, definitions)].some(changesItself)
        known.set(schema, answer)
      }
      return answer
    },
  }
  return context

  function changesItself(schema: JsonSchemaObject): boolean {
    if (plainCodecOf(schema) !== undefined) return true
    return Object.entries(schema.properties ?? {}).some(
      ([key, property]) => !schema.required?.includes(key) && context.defaultOf(property) !== undefined,
    )
  }
}
