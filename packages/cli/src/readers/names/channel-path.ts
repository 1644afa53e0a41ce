import { camelCase } from './words.ts'

/** An address turned into a path of a contract. */
export interface ChannelPath {
  /** Segments of letters, digits, `.`, `_`, `-`, and whole `{param}` segments. Empty where no segment is left. */
  readonly segments: readonly string[]
  /** For each param, the name that the document has for it. */
  readonly params: ReadonlyMap<string, string>
  /** Whether the path accepts other addresses than the document's: a wildcard for many segments, a query left out. */
  readonly loosened: string | undefined
}

/**
 * Turns the address of any protocol into a path: `/v1/rooms/{room-id}` is `v1/rooms/{roomId}`, `user.{id}.signedup` is
 * `user/{id}/signedup`, MQTT's `+` is a param.
 */
export function channelPath(address: string): ChannelPath {
  const params = new Map<string, string>()
  const segments: string[] = []
  const [path, query] = withoutQuery(withoutHost(address.trim()))
  let loosened = query === '' ? undefined : `the query "${query}" is left out`

  for (const segment of path.split('/')) {
    for (const piece of piecesOf(segment)) {
      if (piece === '+' || piece === '*' || piece === '#' || piece === '**' || piece === '>') {
        if (piece !== '+' && piece !== '*')
          loosened = `"${piece}" stands for many segments; a param is only one`
        segments.push(addParam('part', piece))
      } else if (/^\{.*\}$/s.test(piece)) {
        const original = piece.slice(1, -1)
        segments.push(addParam(original.replace(/^[+./;?&#]/, '').replace(/(\*|:\d+)$/, ''), original))
      } else {
        const literal = legalLiteral(piece)
        if (literal !== '') segments.push(literal)
      }
    }
  }
  return { segments, params, loosened }

  function addParam(wanted: string, original: string): string {
    const base = camelCase(wanted) || 'param'
    let name = base === '__proto__' ? 'proto' : base
    for (let number = 2; params.has(name); number++) name = `${base}${number}`
    params.set(name, original)
    return `{${name}}`
  }
}

/** An address without the scheme and the host, which some write before it. */
export function withoutHost(address: string): string {
  return address.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, '')
}

/** Whether one address could belong to both. */
export function pathsOverlap(left: readonly string[], right: readonly string[]): boolean {
  if (left.length !== right.length) return false
  return left.every((segment, index) => {
    const other = right[index] as string
    return segment.startsWith('{') || other.startsWith('{') || segment === other
  })
}

// A param must be a segment of its own, so `user.{id}.signedup` and `user.*.signedup` come apart.
function piecesOf(segment: string): readonly string[] {
  const express = /^:([A-Za-z_]\w*)$/.exec(segment)?.[1]
  if (express !== undefined) return [`{${express}}`]
  return segment.split(/(\{[^{}]*\}|(?<=^|\.)(?:\*\*|[*#>+])(?=\.|$))/).filter((piece) => piece !== '')
}

/** An address in two, of which the second begins with `?` or is empty. */
export function withoutQuery(address: string): readonly [path: string, query: string] {
  // A `?` inside of braces belongs to a template, not to the address.
  const at = address.replace(/\{[^{}]*\}/g, (braces) => 'x'.repeat(braces.length)).indexOf('?')
  return at === -1 ? [address, ''] : [address.slice(0, at), address.slice(at)]
}

function legalLiteral(piece: string): string {
  return piece
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[.-]+|[.-]+$/g, '')
}
