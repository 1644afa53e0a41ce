import { type Document, isAlias, isMap, isSeq } from 'yaml'
import { isMergeKey, keyText } from './yaml-value.ts'

/** The node that tokens lead to, and where in the text it begins (its key, where it has one). */
export interface FoundNode {
  readonly node: unknown
  readonly offset: number
  /** Whether all tokens led on; else this is the nearest node around. */
  readonly exact: boolean
}

export function findNode(document: Document, tokens: readonly string[]): FoundNode {
  let node: unknown = resolved(document.contents)
  let offset = offsetOf(document.contents) ?? 0
  for (const token of tokens) {
    const next = step(node, token)
    if (next === undefined) return { node, offset, exact: false }
    offset = offsetOf(next.key) ?? offsetOf(next.value) ?? offset
    node = resolved(next.value)
  }
  return { node, offset, exact: true }

  function resolved(candidate: unknown): unknown {
    return isAlias(candidate) ? candidate.resolve(document) : candidate
  }

  function step(from: unknown, token: string): { key: unknown; value: unknown } | undefined {
    if (isSeq(from)) {
      const value = from.items[Number(token)]
      return value === undefined ? undefined : { key: undefined, value }
    }
    if (!isMap(from)) return undefined
    const own = from.items.findLast((pair) => !isMergeKey(pair.key) && keyText(pair.key) === token)
    if (own !== undefined) return own
    for (const pair of from.items.filter(({ key }) => isMergeKey(key))) {
      const sources = resolved(pair.value)
      for (const source of isSeq(sources) ? sources.items : [sources]) {
        const found = step(resolved(source), token)
        if (found !== undefined) return found
      }
    }
    return undefined
  }
}

function offsetOf(node: unknown): number | undefined {
  const range = (node as { range?: readonly number[] | null } | null | undefined)?.range
  return range?.[0]
}
