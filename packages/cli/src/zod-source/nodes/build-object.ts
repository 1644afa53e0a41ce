import type { Facets, ObjectFacet, ValueType } from '../facets/facets.ts'
import { flatten } from '../facets/flatten.ts'
import { both, type Located } from '../facets/located.ts'
import { compilePattern } from '../values/compile-pattern.ts'
import { type Builder, innerScope, type Scope } from './builder.ts'
import type { Check } from './check.ts'
import { loosen } from './loosen.ts'
import type { Member, Node, ObjectNode } from './node.ts'
import { withBase } from './object-base.ts'

type Rest = ObjectNode['rest']

/** The node of objects and of records. */
export function buildObject(facets: Facets, place: Located, builder: Builder, scope: Scope): Node {
  const object = withUsablePatterns(facets.object, place, builder)
  const inner = innerScope(scope)
  const properties = declaredMembers(object, place, builder)
  const record = properties.size === 0 ? buildRecord(object, builder, inner) : undefined
  const checks: Check[] = []
  let node: Node
  if (record !== undefined) node = record
  else {
    const members = new Map(
      [...properties].map(([name, schema]): [string, Member] => {
        const types = scope.memberTypes?.get(name) ?? inner.types
        const member = builder.build(schema, { ...inner, types })
        return [name, { node: member, required: object.required.has(name) }]
      }),
    )
    node = { kind: 'object', members, rest: restOf(object, members.size, builder, inner) }
    checks.push(
      ...memberChecks(object, [...members.keys()], builder, inner),
      ...nameChecks(object, builder, inner),
    )
  }
  const { minimum = 0, maximum } = object
  if (minimum > 0 || maximum !== undefined) {
    checks.push({
      kind: 'count',
      ...(minimum > 0 ? { minimum } : {}),
      ...(maximum === undefined ? {} : { maximum }),
      view: { names: 'all', values: new Set() },
    })
  }
  if (checks.length > 0) return { ...checks.reduce((loose, { view }) => loosen(loose, view), node), checks }
  return node.kind === 'object' && node.rest === 'strip' ? withBase(node, facets, builder.definitions) : node
}

/** Whether an object may be any. */
export function isAnyObject(object: ObjectFacet): boolean {
  const { properties, required, patterns, additional, names, minimum, maximum } = object
  return (
    [...properties.values()].every(({ schema }) => schema === true) &&
    required.size === 0 &&
    [...patterns.values()].every(({ schema }) => schema === true) &&
    (additional === undefined || additional.schema === true) &&
    names.every(({ schema }) => schema === true) &&
    (minimum === undefined || minimum === 0) &&
    maximum === undefined
  )
}

// What every object of JavaScript inherits is found by Zod, and refused, where an optional member of that name is missing.
// Under a pattern, only what the value has of its own is looked at.
function withUsablePatterns(object: ObjectFacet, place: Located, builder: Builder): ObjectFacet {
  const isHidden = (name: string) =>
    name !== '__proto__' && name in Object.prototype && !object.required.has(name)
  const hidden = [...object.properties].filter(([name]) => isHidden(name))
  const usable = [...object.patterns].filter(([pattern]) => compilePattern(pattern) !== undefined)
  for (const [pattern] of object.patterns) {
    if (compilePattern(pattern) === undefined) {
      builder.loss(
        place,
        `"${pattern}" is no regular expression of JavaScript; members under it are not checked`,
      )
    }
  }
  const { additional, ...rest } = object
  return {
    ...rest,
    properties: new Map([...object.properties].filter(([name]) => !isHidden(name))),
    patterns: new Map([
      ...usable,
      ...hidden.map(([name, schema]): [string, Located] => [`^${name}$`, schema]),
    ]),
    // What a pattern allowed must not be refused because it is gone.
    additional: usable.length < object.patterns.size ? undefined : additional,
  }
}

// Members that are only required are declared, too, and each must fit the patterns that its name is under.
function declaredMembers(
  object: ObjectFacet,
  place: Located,
  builder: Builder,
): ReadonlyMap<string, Located> {
  const anyValue: Located = { schema: true, pointer: place.pointer }
  const declared = [...object.properties.keys()]
  const names = [...declared, ...[...object.required].filter((name) => !object.properties.has(name))]
  return new Map(
    names.flatMap((name): [string, Located][] => {
      if (name === '__proto__') {
        builder.loss(place, 'Zod drops members named "__proto__"; what is said of it is left out')
        return []
      }
      const own = object.properties.get(name)
      const under = [...object.patterns].filter(([pattern]) => compilePattern(pattern)?.test(name))
      const general = own === undefined && under.length === 0 ? object.additional : undefined
      const all = [own, general, ...under.map(([, schema]) => schema)]
      return [[name, all.reduce(both, undefined) ?? anyValue]]
    }),
  )
}

const anyPattern: ReadonlySet<string> = new Set(['', '.*', '^', '^.*'])

// Without declared members, what is said of all of them alike is a record.
function buildRecord(object: ObjectFacet, builder: Builder, inner: Scope): Node | undefined {
  const closed = object.additional?.schema === false
  const [only, ...others] = object.patterns
  if (others.length > 0) return undefined
  let value = object.additional
  let keys = object.names
  if (only !== undefined) {
    const [pattern, schema] = only
    if (!anyPattern.has(pattern)) {
      // What is not under the pattern is free, or refused.
      if (!closed) return undefined
      keys = [...keys, { schema: { type: 'string', pattern }, pointer: schema.pointer }]
    }
    value = schema
  } else if (closed) return undefined
  const names = keys.reduce<Located | undefined>(both, undefined)
  const key = names && keyNode(names, builder, inner)
  if (key?.kind === 'never') return { kind: 'object', members: new Map(), rest: 'refuse' }
  return {
    kind: 'record',
    ...(key === undefined || isPlainString(key) ? {} : { key }),
    value: value === undefined ? { kind: 'unknown' } : builder.build(value, inner),
  }
}

// Never a ref, since the definition may be of more than strings.
function keyNode(names: Located, builder: Builder, inner: Scope): Node {
  const facets = flatten(names, builder.definitions)
  const types = new Set<ValueType>(facets.types.has('string') ? ['string'] : [])
  return builder.buildFacets({ ...facets, types }, names, { ...inner, types, checking: true })
}

function isPlainString(node: Node): boolean {
  return node.kind === 'string' && Object.keys(node).length === 2 && node.patterns.length === 0
}

function restOf({ additional, patterns }: ObjectFacet, count: number, builder: Builder, inner: Scope): Rest {
  // The check of the patterns sees to the rest.
  if (patterns.size > 0) return 'keep'
  if (additional === undefined) return count > 0 ? 'strip' : 'keep'
  const node = builder.build(additional, inner)
  if (node.kind === 'never') return 'refuse'
  return isUnknown(node) ? 'keep' : node
}

function isUnknown({ kind, checks }: Node): boolean {
  return kind === 'unknown' && checks === undefined
}

function memberChecks(
  object: ObjectFacet,
  declared: readonly string[],
  builder: Builder,
  inner: Scope,
): readonly Check[] {
  if (object.patterns.size === 0) return []
  const checking: Scope = { ...inner, checking: true }
  const rest = object.additional && builder.build(object.additional, checking)
  return [
    {
      kind: 'members',
      declared,
      patterns: [...object.patterns].map(([source, schema]) => ({
        source,
        node: builder.build(schema, checking),
      })),
      ...(rest === undefined || isUnknown(rest) ? {} : { rest }),
      view: { names: 'all', values: new Set() },
    },
  ]
}

function nameChecks({ names }: ObjectFacet, builder: Builder, inner: Scope): readonly Check[] {
  const all = names.reduce<Located | undefined>(both, undefined)
  if (all === undefined) return []
  const node = keyNode(all, builder, inner)
  return isPlainString(node) ? [] : [{ kind: 'names', node, view: { names: 'all', values: new Set() } }]
}
