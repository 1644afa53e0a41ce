import { resolveSchema } from '../../model/definitions.ts'
import type { JsonSchema, JsonSchemaObject } from '../../model/json-schema.ts'
import { asObject } from './keywords.ts'
import { readShape, unreadableShape } from './read-shape.ts'
import type { Shape } from './shape.ts'
import { stableText } from './stable-text.ts'

/** The definitions that the refs of some schemas mean, and what has been found out about these schemas. */
export interface Scope {
  readonly definitions: Readonly<Record<string, JsonSchema>>
  /** Equal for schemas that are written alike. */
  idOf(schema: JsonSchema): number
  /** What fits a schema. */
  shapeOf(schema: JsonSchema): Shape
  /** Behind any refs that stand alone. A ref to nothing is a schema that says nothing but that ref. */
  resolve(schema: JsonSchema): JsonSchemaObject
  /** A schema as it is written with the annotations of what it refers to, where it has none of its own. */
  annotated(schema: JsonSchema): JsonSchemaObject
}

export function createScope(definitions: Readonly<Record<string, JsonSchema>>): Scope {
  const ids = new Map<string, number>()
  const idsOfObjects = new WeakMap<object, number>()
  const shapes = new Map<number, Shape>()
  const reading = new Set<number>()

  const scope: Scope = {
    definitions,
    idOf(schema) {
      const known = typeof schema === 'object' ? idsOfObjects.get(schema) : undefined
      if (known !== undefined) return known
      const text = stableText(schema)
      const id = ids.get(text) ?? ids.size
      ids.set(text, id)
      if (typeof schema === 'object') idsOfObjects.set(schema, id)
      return id
    },
    shapeOf(schema) {
      const id = scope.idOf(schema)
      const known = shapes.get(id)
      if (known !== undefined) return known
      // A schema that contains itself without any data in between says nothing that could be worked out.
      if (reading.has(id)) return unreadableShape(schema, scope)
      reading.add(id)
      const shape = readShape(schema, scope)
      reading.delete(id)
      shapes.set(id, shape)
      return shape
    },
    resolve(schema) {
      const object = asObject(schema)
      if (object.$ref === undefined || Object.keys(object).length > 1) return object
      return asObject(resolveSchema(object, definitions) ?? object)
    },
    annotated(schema) {
      const object = asObject(schema)
      return { ...asObject(resolveSchema(object, definitions) ?? object), ...object }
    },
  }
  return scope
}
