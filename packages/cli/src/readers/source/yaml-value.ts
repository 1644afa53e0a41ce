import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type Scalar,
} from 'yaml'
import { describeValue, isObject } from './json-record.ts'

/** Something in the text that JSON does not have or that says a thing twice; `tokens` lead to it. */
export interface YamlFault {
  readonly severity: 'loss' | 'warning'
  readonly tokens: readonly string[]
  readonly message: string
}

/** A document too deep or too large to be meant. */
export class YamlLimitError extends Error {
  override readonly name = 'YamlLimitError'
}

const deepest = 500
const most = 1_000_000

/** The JSON value of a YAML document: aliases and merge keys resolved, the last of equal keys kept. */
export function yamlValue(document: Document): { value: unknown; faults: readonly YamlFault[] } {
  const faults: YamlFault[] = []
  const open = new Set<unknown>()
  const targets = new Map<Alias, Node | undefined>()
  let count = 0
  return { value: read(document.contents, []), faults }

  function read(node: unknown, tokens: readonly string[]): unknown {
    if (tokens.length > deepest) throw new YamlLimitError(`it is nested more than ${deepest} levels deep`)
    count += 1
    if (count > most) throw new YamlLimitError(`its aliases expand to more than ${most} values`)
    if (isAlias(node)) return readAlias(node, tokens)
    if (isScalar(node)) return readScalar(node, tokens)
    if (!isSeq(node) && !isMap(node)) return null
    // An alias in here to what is around it would never end.
    open.add(node)
    const value = isSeq(node)
      ? node.items.map((item, index) => read(item, [...tokens, String(index)]))
      : Object.fromEntries(readPairs(node.items, tokens))
    open.delete(node)
    return value
  }

  function readAlias(alias: Alias, tokens: readonly string[]): unknown {
    // To resolve one, the whole document is searched.
    if (!targets.has(alias)) targets.set(alias, alias.resolve(document))
    const target = targets.get(alias)
    if (target === undefined || open.has(target)) {
      const why = target === undefined ? 'stands before its anchor, or has none' : 'contains itself'
      faults.push({
        severity: 'loss',
        tokens,
        message: `the alias "*${alias.source}" ${why}; it is read as null`,
      })
      return null
    }
    return read(target, tokens)
  }

  function readPairs(pairs: readonly Pair[], tokens: readonly string[]): Map<string, unknown> {
    const entries = new Map<string, unknown>()
    const merged = new Map<string, unknown>()
    for (const pair of pairs) {
      if (isMergeKey(pair.key)) {
        const sources = read(pair.value, tokens)
        for (const source of Array.isArray(sources) ? sources : [sources]) {
          for (const [key, value] of Object.entries(isObject(source) ? source : {})) {
            if (!merged.has(key)) merged.set(key, value)
          }
        }
        continue
      }
      const key = keyText(pair.key)
      const value = read(pair.value, [...tokens, key])
      if (entries.has(key)) reportTwice([...tokens, key], entries.get(key), value)
      entries.set(key, value)
    }
    for (const [key, value] of merged) if (!entries.has(key)) entries.set(key, value)
    return entries
  }

  function reportTwice(tokens: readonly string[], first: unknown, last: unknown): void {
    const same = JSON.stringify(first) === JSON.stringify(last)
    faults.push({
      severity: same ? 'warning' : 'loss',
      tokens,
      message: `the key "${tokens.at(-1)}" stands here twice; ${same ? 'both say the same' : 'only the last is read'}`,
    })
  }

  function readScalar({ value, source }: Scalar, tokens: readonly string[]): unknown {
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
    if (typeof value === 'number' && Number.isFinite(value)) return value
    const text = source ?? String(value)
    faults.push({
      severity: 'warning',
      tokens,
      message: `${describeValue(text)} is no JSON value; it is read as a string`,
    })
    return text
  }
}

/** A key as JSON has it: a number becomes its text as written, `404` or `1.0`. */
export function keyText(key: unknown): string {
  if (isScalar(key))
    return typeof key.value === 'string' ? key.value : (key.source ?? String(key.value ?? ''))
  return String(key ?? '')
}

/** YAML 1.1's `<<`, which documents use although YAML 1.2 has dropped it. */
export function isMergeKey(key: unknown): boolean {
  return isScalar(key) && key.value === '<<' && key.type === 'PLAIN'
}
