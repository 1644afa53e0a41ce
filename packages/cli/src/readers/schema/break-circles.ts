import type { JsonSchema, JsonSchemaObject } from '../../model/json-schema.ts'
import { definitionName } from './schema-view.ts'

const single = ['not', 'if', 'then', 'else'] as const

/**
 * Takes out refs by which a definition is part of itself without going into a member or an element: no data could ever be
 * held against them to an end.
 */
export function breakCircles(
  definitions: ReadonlyMap<string, JsonSchema>,
  onBroken: (name: string, inside: JsonSchema) => void,
): void {
  const done = new Set<string>()
  for (const name of definitions.keys()) visitDefinition(name, [])

  function visitDefinition(name: string, open: readonly string[]): void {
    if (done.has(name)) return
    const schema = definitions.get(name)
    if (schema !== undefined) visit(schema, [...open, name], false)
    done.add(name)
  }

  function visit(schema: JsonSchema, open: readonly string[], inUnion: boolean): void {
    if (typeof schema === 'boolean') return
    if (schema.$ref !== undefined) {
      const name = definitionName(schema.$ref)
      if (open.includes(name)) {
        onBroken(name, schema)
        // The reader made this object and nothing else holds on to it yet.
        const broken = schema as { $ref?: string; not?: JsonSchema }
        delete broken.$ref
        // "A or B" that is A says B; "A and B" that is A says B too.
        if (inUnion) broken.not = {}
      } else visitDefinition(name, open)
    }
    for (const option of [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]) visit(option, open, true)
    for (const part of partsOf(schema)) visit(part, open, inUnion)
  }
}

function partsOf(schema: JsonSchemaObject): readonly JsonSchema[] {
  return [
    ...(schema.allOf ?? []),
    ...single.flatMap((name) => (schema[name] === undefined ? [] : [schema[name]])),
  ]
}
