import type { ContractModel } from '../../model/contract-model.ts'
import type { JsonSchema, JsonSchemaObject } from '../../model/json-schema.ts'
import { constraintsOf } from './constraints.ts'
import { type LabelPart, typeLabel } from './type-label.ts'

type Definitions = ContractModel['definitions']

/** A member of an object, as documentation shows it. */
export interface Field {
  readonly name: string
  /** From the event's data to here: `lines[].price`. */
  readonly path: string
  readonly depth: number
  readonly type: readonly LabelPart[]
  readonly required: boolean
  readonly deprecated: boolean
  readonly description: string | undefined
  readonly constraints: readonly string[]
}

/** One of several shapes that follows, and what tells that it is this one. */
export interface FieldOption {
  readonly option: readonly LabelPart[]
  readonly depth: number
}

/** The members of an object, and those of the objects in it, in the order of the schema. What has a name is told elsewhere. */
export function fieldsOf(schema: JsonSchema, definitions: Definitions): readonly (Field | FieldOption)[] {
  return inside(schema, { definitions, path: '', depth: 0 })
}

interface Place {
  readonly definitions: Definitions
  readonly path: string
  readonly depth: number
}

function inside(schema: JsonSchema, place: Place): readonly (Field | FieldOption)[] {
  if (typeof schema === 'boolean' || schema.$ref !== undefined) return []
  const options = (schema.oneOf ?? schema.anyOf ?? []).filter((option) => hasFields(option))
  return [
    ...Object.entries(schema.properties ?? {}).flatMap(([name, property]) =>
      member(name, property, schema, place),
    ),
    ...(schema.allOf ?? []).flatMap((part) => inside(part, place)),
    ...options.flatMap((option) => {
      if (options.length === 1) return inside(option, place)
      const head: FieldOption = { option: optionLabel(option, place.definitions), depth: place.depth }
      return [head, ...inside(option, { ...place, depth: place.depth + 1 })]
    }),
    ...(schema.prefixItems ?? []).flatMap((item, index) =>
      inside(item, { ...place, path: `${place.path}[${index}]` }),
    ),
    ...(schema.items === undefined ? [] : inside(schema.items, { ...place, path: `${place.path}[]` })),
    ...(typeof schema.additionalProperties === 'object'
      ? inside(schema.additionalProperties, { ...place, path: `${place.path}{}` })
      : []),
  ]
}

function member(
  name: string,
  property: JsonSchema,
  parent: JsonSchemaObject,
  { definitions, path, depth }: Place,
): readonly (Field | FieldOption)[] {
  const said = typeof property === 'object' ? property : {}
  const here = path === '' ? name : `${path}.${name}`
  const field: Field = {
    name,
    path: here,
    depth,
    type: typeLabel(property, definitions),
    required: parent.required?.includes(name) === true,
    deprecated: said.deprecated === true,
    description: said.description ?? said.title,
    constraints: constraintsOf(said),
  }
  return [field, ...inside(property, { definitions, path: here, depth: depth + 1 })]
}

function hasFields(schema: JsonSchema): boolean {
  if (typeof schema === 'boolean' || schema.$ref !== undefined) return false
  const parts = [...(schema.oneOf ?? []), ...(schema.anyOf ?? []), ...(schema.allOf ?? [])]
  const items = [schema.items, schema.additionalProperties, ...(schema.prefixItems ?? [])]
  return (
    Object.keys(schema.properties ?? {}).length > 0 ||
    parts.some(hasFields) ||
    items.some((item) => item !== undefined && hasFields(item))
  )
}

/** What tells that a value is this one: its constants, else its title. */
function optionLabel(option: JsonSchema, definitions: Definitions): readonly LabelPart[] {
  if (typeof option === 'boolean') return typeLabel(option, definitions)
  const constants = Object.entries(option.properties ?? {}).flatMap(([name, property]) =>
    typeof property === 'object' && 'const' in property ? [{ name, value: property.const }] : [],
  )
  if (constants.length === 0) return [{ text: option.title ?? 'Or' }]
  return constants.flatMap(({ name, value }, index) => [
    { text: `${index === 0 ? 'Where' : ' and'} ${name} is ` },
    { text: JSON.stringify(value), isValue: true },
  ])
}
