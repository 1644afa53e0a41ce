import type { JsonSchemaObject, JsonType } from '../../model/json-schema.ts'

/** Whether a schema itself names a type, alone or among others. */
export function isOfType({ type }: JsonSchemaObject, wanted: JsonType): boolean {
  return type === wanted || (Array.isArray(type) && type.includes(wanted))
}
