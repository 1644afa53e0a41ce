import { type Annotations, hasAnnotations } from '../facets/annotations.ts'
import type { Condition, Facets, ValueType } from '../facets/facets.ts'
import { flatten, loneRef } from '../facets/flatten.ts'
import { isSame, type Located } from '../facets/located.ts'
import { buildAlternatives } from './build-alternatives.ts'
import { buildArray, isAnyArray } from './build-array.ts'
import { buildCodec } from './build-codec.ts'
import { buildNumber, isAnyNumber } from './build-number.ts'
import { buildObject, isAnyObject } from './build-object.ts'
import { buildString, isAnyString } from './build-string.ts'
import { buildValues } from './build-values.ts'
import { type Builder, type BuilderOptions, innerScope, type Scope } from './builder.ts'
import { withConditions } from './conditions.ts'
import type { Node } from './node.ts'
import { unionOf } from './union.ts'

// The order of a union. `null` is said by `nullable`.
const order: readonly ValueType[] = ['object', 'array', 'string', 'number', 'boolean', 'null']

const anyScope: Scope = { types: new Set(order), checking: false, depth: 0 }

export function createBuilder(
  options: BuilderOptions & Pick<Builder, 'definitions' | 'loss' | 'warning'>,
): Builder {
  const { definitions } = options
  const hoisted = new Map<string, Located>()
  const builder: Builder = {
    ...options,
    hoisted,
    build,
    buildFacets,
    isInlined: (name) => aliasOf(name) !== undefined || isBareCodec(name, innerScope(anyScope)),
  }
  return builder

  function build(place: Located, scope: Scope): Node {
    const lone = loneRef(place)
    if (lone !== undefined) return buildRef(lone.name, lone.annotations, place, scope)
    const { open = [] } = scope
    if (open.some((outer) => isSame(place, outer))) return { kind: 'ref', name: hoist(place) }
    const facets = narrow(flatten(place, definitions), scope.types)
    return buildFacets(facets, place, { ...scope, open: [...open, place] })
  }

  // A definition with more said beside it, within itself, holds the same on all levels below.
  function hoist(place: Located): string {
    for (const [name, other] of hoisted) if (isSame(place, other)) return name
    const wanted = wordsOf(place.pointer)
    let name = wanted
    for (let count = 2; hoisted.has(name) || Object.hasOwn(definitions, name); count += 1) {
      name = `${wanted} ${count}`
    }
    hoisted.set(name, place)
    return name
  }

  function buildRef(name: string, annotations: Annotations, place: Located, scope: Scope): Node {
    const seen = new Set<string>()
    let target = name
    for (let alias = aliasOf(target); alias !== undefined && !seen.has(target); alias = aliasOf(target)) {
      seen.add(target)
      target = alias
    }
    const schema = definitions[target]
    if (schema === undefined || !Object.hasOwn(definitions, target)) {
      builder.loss(place, `there is no definition "${target}"; any value is accepted`)
      return { kind: 'unknown' }
    }
    const node: Node = isBareCodec(target, scope)
      ? buildFacets(flatten({ schema, pointer: place.pointer }, definitions), place, scope)
      : { kind: 'ref', name: target }
    return annotate(node, annotations)
  }

  // A codec of the contract package is its own name, and must not get another.
  function isBareCodec(name: string, scope: Scope): boolean {
    const facets = flatten({ schema: definitions[name] ?? true, pointer: '' }, definitions)
    if (hasAnnotations(facets.annotations)) return false
    const silent: Builder = { ...builder, loss: () => undefined, warning: () => undefined }
    return (
      buildCodec(facets, { schema: true, pointer: '' }, silent, { ...scope, checking: false }) !== undefined
    )
  }

  // A definition that only refers to another one is that one.
  function aliasOf(name: string): string | undefined {
    const schema = Object.hasOwn(definitions, name) ? definitions[name] : undefined
    const lone = schema === undefined ? undefined : loneRef({ schema, pointer: '' })
    return lone !== undefined && !hasAnnotations(lone.annotations) ? lone.name : undefined
  }

  function buildFacets(facets: Facets, place: Located, scope: Scope): Node {
    const { conditions, annotations, ...rest } = facets
    const { types, left } = withoutTypes(facets.types, conditions)
    const bare: Facets = { ...rest, types, conditions: [], annotations: {} }
    const node = buildValue(bare, place, left.length > 0 ? { ...scope, watched: true } : scope)
    return annotate(withConditions(node, left, types, facets.object, builder, scope), annotations)
  }

  function buildValue(facets: Facets, place: Located, scope: Scope): Node {
    if (facets.types.size === 0) return { kind: 'never' }
    const codec = scope.checking ? undefined : buildCodec(facets, place, builder, scope)
    if (codec !== undefined) return codec
    if (facets.alternatives.length > 0) return buildAlternatives(facets, place, builder, scope)
    if (facets.values !== undefined) return buildValues(facets, place, builder, scope)
    const types = impliedTypes(facets, place, scope)
    if (types.size === order.length && isFree(facets)) return { kind: 'unknown' }
    return unionOf(
      order.filter((type) => types.has(type)).map((type) => buildType(type, facets, place, scope)),
    )
  }

  function buildType(type: ValueType, facets: Facets, place: Located, scope: Scope): Node {
    switch (type) {
      case 'object':
        return buildObject(facets, place, builder, scope)
      case 'array':
        return buildArray(facets, builder, scope)
      case 'string':
        return nullableCodec(facets, place, scope) ?? buildString(facets, place, builder)
      case 'number':
        return buildNumber(facets.number)
      default:
        return { kind: type }
    }
  }

  // The codec of a type that is one of several.
  function nullableCodec(facets: Facets, place: Located, scope: Scope): Node | undefined {
    if (facets.types.size === 1) return undefined
    return buildCodec({ ...facets, types: new Set(['string']) }, place, builder, scope)
  }

  function impliedTypes(facets: Facets, place: Located, scope: Scope): ReadonlySet<ValueType> {
    if (options.untyped === 'exact' || scope.checking || facets.types.size < order.length) return facets.types
    const constrained = (
      [
        ['object', isAnyObject(facets.object)],
        ['array', isAnyArray(facets.array)],
        ['string', isAnyString(facets.string)],
        ['number', isAnyNumber(facets.number)],
      ] as const
    ).filter(([, free]) => !free)
    const [only] = constrained
    if (only === undefined || constrained.length > 1) return facets.types
    builder.warning(place, `"type" is missing; "${only[0]}" is what the other keywords imply`)
    return new Set([only[0]])
  }
}

// `#/definitions/Tree/properties/left` is the tree's left, `#/channels/orders/events/placed/schema` what was placed.
function wordsOf(pointer: string): string {
  const steps = pointer.split('/')
  const owner = steps[steps[1] === 'channels' && steps[3] === 'events' ? 4 : 2]
  const members = steps.filter((_, index) => steps[index - 1] === 'properties')
  return [owner, ...members.slice(-1)].join(' ')
}

function isFree({ object, array, string, number }: Facets): boolean {
  return isAnyObject(object) && isAnyArray(array) && isAnyString(string) && isAnyNumber(number)
}

function narrow(facets: Facets, types: ReadonlySet<ValueType>): Facets {
  return { ...facets, types: new Set([...facets.types].filter((type) => types.has(type))) }
}

// "Not null" takes a type away.
function withoutTypes(
  types: ReadonlySet<ValueType>,
  conditions: readonly Condition[],
): { types: ReadonlySet<ValueType>; left: readonly Condition[] } {
  const allowed = new Set(types)
  const left = conditions.filter((condition) => {
    if (condition.kind !== 'not') return true
    const { schema } = condition.schema
    if (typeof schema === 'boolean' || Object.keys(schema).length === 0) {
      if (schema !== false) allowed.clear()
      return false
    }
    if (Object.keys(schema).length > 1 || schema.type === undefined) return true
    const refused = [schema.type].flat()
    if (refused.includes('integer') && !refused.includes('number')) return true
    for (const type of refused) allowed.delete(type as ValueType)
    return false
  })
  return { types: allowed, left }
}

function annotate(node: Node, annotations: Annotations): Node {
  if (!hasAnnotations(annotations)) return node
  return { ...node, annotations: { ...node.annotations, ...annotations } }
}
