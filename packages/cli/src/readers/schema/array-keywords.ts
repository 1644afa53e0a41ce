import type { JsonSchema } from '../../model/json-schema.ts'
import { elementsOf } from '../source/place.ts'
import { dropped, keyword, type SchemaContext } from './schema-context.ts'

/** Reads what arrays hold. Tuples become `prefixItems`, whichever way a draft wrote them. */
export function readArrayKeywords(context: SchemaContext): void {
  readItems(context)
  const unique = keyword(context, 'uniqueItems')
  if (typeof unique?.value === 'boolean') {
    if (unique.value) context.out.uniqueItems = true
  } else if (unique !== undefined) {
    dropped(context, unique, 'true or false')
  }
  readContains(context)
  readUnevaluatedItems(context)
}

function readItems(context: SchemaContext): void {
  const prefix = keyword(context, 'prefixItems')
  const items = keyword(context, 'items')
  const rest = keyword(context, 'additionalItems')
  const tuple = prefix ?? (Array.isArray(items?.value) ? items : undefined)

  if (tuple !== undefined) {
    if (!Array.isArray(tuple.value)) dropped(context, tuple, 'a list of schemas')
    // An empty tuple says nothing.
    else if (tuple.value.length > 0) context.out.prefixItems = elementsOf(tuple).map(context.read)
  }
  // Beside a tuple of an older draft, `additionalItems` is what `items` is today; elsewhere it has no meaning.
  const others = tuple === items ? (tuple === undefined ? undefined : rest) : items
  const schema = others === undefined ? undefined : context.read(others)
  if (schema !== undefined && schema !== true) context.out.items = schema
}

// The model's `contains` asks for one element at least.
function readContains(context: SchemaContext): void {
  const contains = keyword(context, 'contains')
  const least = keyword(context, 'minContains')
  const most = keyword(context, 'maxContains')
  if (contains === undefined) return
  if (most !== undefined || (least !== undefined && least.value !== 1 && least.value !== 0)) {
    context.problems.loss(most ?? least ?? contains, 'how many elements "contains" asks for is left out')
  }
  if (least?.value !== 0) context.out.contains = context.read(contains)
}

function readUnevaluatedItems(context: SchemaContext): void {
  const place = keyword(context, 'unevaluatedItems')
  if (place === undefined || place.value === true || context.out.items !== undefined) return
  if (hasItemApplicator(context)) {
    context.problems.loss(
      place,
      '"unevaluatedItems" beside other schemas is left out; more elements are accepted',
    )
    return
  }
  const schema: JsonSchema = context.read(place)
  if (schema !== true) context.out.items = schema
}

function hasItemApplicator({ source }: SchemaContext): boolean {
  const applicators = ['$ref', '$dynamicRef', '$recursiveRef', 'allOf', 'anyOf', 'oneOf', 'if', 'contains']
  return applicators.some((name) => Object.hasOwn(source, name))
}
