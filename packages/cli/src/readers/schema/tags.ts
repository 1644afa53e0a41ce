import type { JsonSchema } from '../../model/json-schema.ts'
import { conjuncts, type Definitions, dereference, memberView } from './schema-view.ts'

/** Members by which documents tell the options of a union apart, the most usual first. */
export const usualTags = ['type', 'event', 'event_type', 'eventType', 'kind', 'name', 'op', 'action']

/**
 * The values that a member must have for an object to be this schema's, through unions; `undefined` where it may be absent,
 * or be anything.
 */
export function tagValues(
  schema: JsonSchema,
  name: string,
  definitions: Definitions,
  open: readonly JsonSchema[] = [],
): readonly unknown[] | undefined {
  const target = dereference(schema, definitions)
  if (target === undefined || open.includes(target)) return undefined
  const { schemas, required } = memberView(target, name, definitions)
  if (required) {
    const listed = schemas.flatMap((member) => conjuncts(member, definitions)).find(isListed)
    if (listed !== undefined) return Object.hasOwn(listed, 'const') ? [listed.const] : listed.enum
  }
  const options = typeof target === 'object' ? (target.oneOf ?? target.anyOf) : undefined
  const values = options?.map((option) => tagValues(option, name, definitions, [...open, target]))
  return values?.every((found) => found !== undefined) ? values.flat() : undefined
}

function isListed(schema: { readonly enum?: readonly unknown[]; readonly const?: unknown }): boolean {
  const values = Object.hasOwn(schema, 'const') ? [schema.const] : (schema.enum ?? [])
  return values.length > 0 && values.every((value) => typeof value !== 'object' || value === null)
}
