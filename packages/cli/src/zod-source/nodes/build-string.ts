import type { Facets, StringFacet } from '../facets/facets.ts'
import type { Located } from '../facets/located.ts'
import { stringFormat } from '../formats.ts'
import type { Builder } from './builder.ts'
import type { Check } from './check.ts'
import type { Node, StringNode } from './node.ts'

type Pattern = StringNode['patterns'][number]

/** The node of strings. */
export function buildString({ string }: Facets, place: Located, builder: Builder): Node {
  const { minimum, maximum } = string
  const formats = string.formats.map(stringFormat).filter((format) => format !== undefined)
  const calls = formats.filter((format) => 'call' in format)
  const [first, ...others] = calls
  const patterns = [
    ...formats
      .filter((format) => 'pattern' in format)
      .map((format) => ({ source: format.pattern, flags: `${format.flags}u` })),
    ...string.patterns.flatMap((source) => readPattern(source, place, builder)),
  ]
  for (const format of string.formats.filter((name) => name === 'regex')) {
    builder.loss(place, `the format "${format}" is not checked; any text is accepted`)
  }
  // A schema of Zod's has one format.
  const checks = others.map((format): Check => {
    const node: Node = { kind: 'string', format, patterns: [] }
    return { kind: 'fits', node, view: 'all' }
  })
  return {
    kind: 'string',
    ...(first === undefined ? {} : { format: first }),
    ...(minimum === undefined || minimum === 0 ? {} : { minimum }),
    ...(maximum === undefined ? {} : { maximum }),
    patterns: patterns.filter(isFirst),
    ...(checks.length > 0 ? { checks } : {}),
  }
}

/** Whether a string may be any. */
export function isAnyString({ minimum, maximum, patterns, formats }: StringFacet): boolean {
  return (
    (minimum === undefined || minimum === 0) &&
    maximum === undefined &&
    patterns.length === 0 &&
    formats.every((format) => stringFormat(format) === undefined && format !== 'regex')
  )
}

// The `u` flag is what JSON Schema asks for; what only works without it is taken as it was meant.
function readPattern(source: string, place: Located, builder: Builder): readonly Pattern[] {
  for (const flags of ['u', '']) {
    try {
      new RegExp(source, flags)
      return [{ source, flags }]
    } catch {
      // Told below.
    }
  }
  builder.loss(place, `"${source}" is no regular expression of JavaScript; any text is accepted`)
  return []
}

function isFirst({ source, flags }: Pattern, index: number, patterns: readonly Pattern[]): boolean {
  return (
    patterns.findIndex(
      (other) => other.source === source && other.flags.replace('u', '') === flags.replace('u', ''),
    ) === index
  )
}
