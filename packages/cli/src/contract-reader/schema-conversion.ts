import * as z from 'zod/v4/core'
import type { JsonSchema, JsonSchemaObject } from '../model/json-schema.ts'
import { mapSubschemas } from '../model/subschemas.ts'
import { isKeyword, orderKeywords } from './keyword-order.ts'
import { mendKeywords, type Report } from './schema-keywords.ts'

/** What became of schemas that were written out as JSON Schema. */
export interface Conversion {
  /** By the schema that was asked for. */
  readonly schemas: ReadonlyMap<z.$ZodType, JsonSchema>
  readonly definitions: Readonly<Record<string, JsonSchema>>
}

const uriPrefix = 'millrace:'
const placePrefix = 'place:'

/**
 * Writes Zod schemas as JSON Schema, as the wire has them. Those with a name become definitions, which the others refer to.
 *
 * @throws Error of Zod's where a schema has no JSON Schema
 */
export function convertSchemas(
  roots: Iterable<z.$ZodType>,
  names: ReadonlyMap<z.$ZodType, string>,
  report: (schema: z.$ZodType, ...said: Parameters<Report>) => void,
): Conversion {
  const registry = z.registry<{ id: string }>()
  for (const [schema, id] of names) registry.add(schema, { id })
  // What is registered is referred to. A root may also stand within another, where it is to be written out.
  const places = new Map<z.$ZodType, string>()
  for (const schema of new Set(roots)) {
    const id = `${placePrefix}${places.size}`
    places.set(schema, id)
    registry.add(new z.$ZodLazy({ type: 'lazy', getter: () => schema }), { id })
  }

  const told = new Set<z.$ZodType>()
  const { schemas } = z.toJSONSchema(registry, {
    target: 'draft-2020-12',
    io: 'input',
    unrepresentable: 'any',
    uri: (id) => `${uriPrefix}${id}`,
    override({ zodSchema, jsonSchema }) {
      mendKeywords(zodSchema, jsonSchema as Record<string, unknown>, (...said) => {
        if (!told.has(zodSchema)) report(zodSchema, ...said)
      })
      told.add(zodSchema)
    },
  })

  const written = schemas as Readonly<Record<string, JsonSchemaObject>>
  const shared = (written.__shared?.$defs ?? {}) as Readonly<Record<string, JsonSchema>>
  const taken = new Set(names.values())
  const sharedNames = new Map(
    Object.keys(shared).map((name) => [name, unused(`Shared${name.replace(/\D+/g, '')}`, taken)]),
  )
  const finish = (schema: JsonSchema) => orderKeywords(withModelRefs(schema, sharedNames))

  return {
    schemas: new Map([...places].map(([schema, id]) => [schema, finish(written[id] ?? {})])),
    definitions: Object.fromEntries([
      ...[...names.values()].map((name) => [name, finish(written[name] ?? {})] as const),
      ...Object.entries(shared).map(
        ([name, schema]) => [sharedNames.get(name) ?? name, finish(schema)] as const,
      ),
    ]),
  }
}

function unused(wanted: string, taken: Set<string>): string {
  let name = wanted
  for (let count = 2; taken.has(name); count += 1) name = `${wanted}_${count}`
  taken.add(name)
  return name
}

/** Leaves out what `.meta()` holds for other tools, and what Zod adds around a schema. */
function onlyKeywords(schema: JsonSchemaObject): JsonSchemaObject {
  return Object.fromEntries(Object.entries(schema).filter(([keyword]) => isKeyword(keyword)))
}

const sharedRef = /^millrace:__shared#\/\$defs\/(.+)$/

function withModelRefs(schema: JsonSchema, sharedNames: ReadonlyMap<string, string>): JsonSchema {
  if (typeof schema === 'boolean') return schema
  const { $ref, ...rest } = mapSubschemas(onlyKeywords(schema), (child) => withModelRefs(child, sharedNames))
  if ($ref === undefined) return rest
  const name = sharedRef.exec($ref)?.[1]
  const target = name === undefined ? $ref.slice(uriPrefix.length) : (sharedNames.get(name) ?? name)
  return { $ref: `#/$defs/${target}`, ...rest }
}
