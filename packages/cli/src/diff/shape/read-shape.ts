import type { JsonSchema, JsonSchemaObject } from '../../model/json-schema.ts'
import { baseAlternatives } from './base-alternatives.ts'
import { areDisjoint } from './disjoint.ts'
import { intersectShapes } from './intersect.ts'
import { asObject, isNothing } from './keywords.ts'
import { literalShape } from './literal-shape.ts'
import type { Scope } from './scope.ts'
import type { Alternative, Condition, Shape } from './shape.ts'

const limit = 1_000

/** Reads what fits a schema. Children are not read before somebody asks for them, so recursion does no harm. */
export function readShape(schema: JsonSchema, scope: Scope): Shape {
  if (isNothing(schema)) return []
  const source = schema === true ? {} : (schema as JsonSchemaObject)
  let shape: Shape = baseAlternatives(source, scope)
  for (const part of conjuncts(source, scope)) {
    shape = intersectShapes(shape, part, scope)
    if (shape.length > limit) return unreadableShape(source, scope)
  }
  return shape.map((alternative) => withSource(alternative, source))
}

/** The shapes that have to fit besides the keywords of the schema itself. */
function* conjuncts(schema: JsonSchemaObject, scope: Scope): Generator<Shape> {
  if (schema.const !== undefined) yield [literalShape(schema.const)]
  if (schema.enum !== undefined) yield schema.enum.map((value) => literalShape(value))
  if (schema.$ref !== undefined) yield readRef(schema.$ref, scope)
  for (const member of schema.allOf ?? []) yield scope.shapeOf(member)
  if (schema.anyOf !== undefined) yield optionsOf(schema.anyOf, 'anyOf', scope).flat()
  if (schema.oneOf !== undefined) yield readOneOf(schema.oneOf, scope)
}

function optionsOf(options: readonly JsonSchema[], keyword: string, scope: Scope): readonly Shape[] {
  return options.map((option, index) =>
    scope
      .shapeOf(option)
      .map((alternative) => ({ ...alternative, path: `/${keyword}/${index}${alternative.path}` })),
  )
}

// "Exactly one" is "any" where no value could fit two. Where some could, it stays an opaque condition.
function readOneOf(options: readonly JsonSchema[], scope: Scope): Shape {
  const shapes = optionsOf(options, 'oneOf', scope)
  const union = shapes.flat()
  const apart = shapes.every((shape, index) =>
    shapes.slice(index + 1).every((other) => areDisjoint(shape, other, scope)),
  )
  return apart
    ? union
    : union.map((alternative) => withCondition(alternative, { schema: { oneOf: options }, scope }))
}

function readRef(ref: string, scope: Scope): Shape {
  const name = ref.slice('#/$defs/'.length)
  const target = Object.hasOwn(scope.definitions, name) ? scope.definitions[name] : undefined
  if (target === undefined) return unreadableShape({ $ref: ref }, scope)
  return scope.shapeOf(target).map((alternative) => ({ ...alternative, name }))
}

/** Any value of the types that a schema names, with the schema as a condition. */
export function unreadableShape(schema: JsonSchema, scope: Scope): Shape {
  const { type } = asObject(schema)
  const base = baseAlternatives(type === undefined ? {} : { type }, scope)
  return base.map((alternative) => withCondition(alternative, { schema, scope }))
}

function withCondition(alternative: Alternative, condition: Condition): Alternative {
  return { ...alternative, conditions: [...alternative.conditions, condition] }
}

// Of a schema that is no union, the annotations stand beside its keywords; of a union, in each option.
function withSource(alternative: Alternative, source: JsonSchemaObject): Alternative {
  return source.$ref !== undefined || source.anyOf !== undefined || source.oneOf !== undefined
    ? alternative
    : { ...alternative, source }
}
