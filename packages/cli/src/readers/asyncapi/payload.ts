import type { JsonSchema } from '../../model/json-schema.ts'
import type { Reading } from '../reading.ts'
import { asyncApiSchema, dialectOfFormat } from '../schema/dialect.ts'
import { isObject, textMember } from '../source/json-record.ts'
import { type Place, within } from '../source/place.ts'

/** The schema of a message's payload; any JSON, and told, where its language is none of JSON Schema. */
export function readPayload(
  { resolver, schemas, problems }: Reading,
  payload: Place,
  format: Place,
): JsonSchema {
  if (payload.value === undefined) {
    problems.warning(payload, 'the message has no payload; any JSON is accepted')
    return true
  }
  // AsyncAPI 3 puts the language beside the schema, possibly behind a ref; AsyncAPI 2 beside the payload.
  const target = resolver.follow(payload).place ?? payload
  const inner = textMember(target.value, 'schemaFormat')
  const isFormatted = inner !== undefined && isObject(target.value) && Object.hasOwn(target.value, 'schema')
  const stated = isFormatted ? inner : typeof format.value === 'string' ? format.value : undefined
  const dialect = stated === undefined ? asyncApiSchema : dialectOfFormat(stated)
  if (typeof dialect === 'string') {
    problems.loss(payload, `the payload is described in ${dialect}, not in JSON Schema; any JSON is accepted`)
    return true
  }
  return schemas.read(isFormatted ? within(target, 'schema') : payload, dialect)
}
