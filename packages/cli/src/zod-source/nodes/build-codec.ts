import type { Facets } from '../facets/facets.ts'
import { inside, type Located } from '../facets/located.ts'
import { isAnyArray } from './build-array.ts'
import { buildString, isAnyString } from './build-string.ts'
import { type Builder, innerScope, type Scope } from './builder.ts'
import type { CodecNode } from './node.ts'

const digits = '^-?\\d+$'

const textOf = { date: 'isoDate', bigint: 'bigintText', url: 'urlText', bytes: 'base64Bytes' } as const

/** The codec that a schema names, or that its format stands for, where it says nothing besides that. */
export function buildCodec(
  facets: Facets,
  place: Located,
  builder: Builder,
  scope: Scope,
): CodecNode | undefined {
  if (scope.checking || facets.types.size !== 1) return undefined
  const codec = facets.codec ?? (isDateTime(facets) ? 'date' : undefined)
  if (codec === undefined || (codec === 'date' && builder.dates === 'string')) return undefined
  const node = codecNode(codec, facets, place, builder, scope)
  if (node === undefined && facets.codec !== undefined) {
    builder.warning(
      place,
      `"x-codec": "${codec}" is not one that is known for this schema; in code it is as on the wire`,
    )
  }
  return node
}

function codecNode(
  codec: string,
  facets: Facets,
  place: Located,
  builder: Builder,
  scope: Scope,
): CodecNode | undefined {
  const [type] = facets.types
  if (facets.alternatives.length > 0 || facets.conditions.length > 0) return undefined
  if (type === 'array')
    return facets.values === undefined ? collection(codec, facets, builder, scope) : undefined
  if (type !== 'string') return undefined
  const { string, values } = facets
  const bare = values === undefined && string.minimum === undefined && string.maximum === undefined
  const wire = (format: string | undefined, pattern: string | undefined) =>
    bare && string.formats.join() === (format ?? '') && string.patterns.join() === (pattern ?? '')

  switch (codec) {
    case 'date':
      return wire('date-time', undefined) ? contractCodec(textOf.date) : undefined
    case 'bigint':
      return wire(undefined, digits) ? contractCodec(textOf.bigint) : undefined
    case 'url':
      return wire('uri', undefined) ? contractCodec(textOf.url) : undefined
    case 'bytes':
      return wire('base64', undefined) ? contractCodec(textOf.bytes) : undefined
    case 'number':
    case 'integer': {
      if (values !== undefined) return undefined
      // Digits alone are read as any number by what reads contracts; a whole one has more to it.
      const name = string.patterns.join() === digits ? 'integer' : codec
      return { kind: 'codec', name, parts: [buildString(facets, place, builder)] }
    }
    // What people write for it has no name to those who read contracts.
    case 'boolean':
    case 'custom':
      return values !== undefined && isAnyString(string) && [...values].sort().join() === 'false,true'
        ? { kind: 'codec', name: 'boolean', parts: [{ kind: 'literal', values: ['true', 'false'] }] }
        : undefined
    default:
      return undefined
  }
}

// Sets are lists of items on the wire, maps lists of pairs.
function collection(codec: string, { array }: Facets, builder: Builder, scope: Scope): CodecNode | undefined {
  const { items, ...rest } = array
  if (items === undefined || !isAnyArray({ ...rest, items: undefined })) return undefined
  if (codec === 'set') return contractCodec('setItems', [builder.build(items, innerScope(scope))])
  if (codec !== 'map' || typeof items.schema === 'boolean') return undefined
  const { prefixItems, items: more } = items.schema
  const [key, value, ...others] = prefixItems ?? []
  if (key === undefined || value === undefined || others.length > 0 || more !== false) return undefined
  const parts = [inside(items, key, 'prefixItems', '0'), inside(items, value, 'prefixItems', '1')]
  return contractCodec(
    'mapEntries',
    parts.map((part) => builder.build(part, innerScope(scope))),
  )
}

function contractCodec(name: string, parts: CodecNode['parts'] = []): CodecNode {
  return { kind: 'codec', name, parts }
}

function isDateTime({ string, types }: Facets): boolean {
  return types.has('string') && string.formats.includes('date-time')
}
