import type { Comparison } from '../comparison.ts'
import { literalTexts } from '../shape/disjoint.ts'
import { sameSchema } from '../shape/same-schema.ts'
import { schemaOfShape } from '../shape/schema-of-shape.ts'
import type { Scope } from '../shape/scope.ts'
import type { Alternative, ObjectShape } from '../shape/shape.ts'

/** The options of two unions: which became which. */
export interface PairedOptions {
  readonly pairs: readonly (readonly [Alternative, Alternative])[]
  readonly lost: readonly Alternative[]
  readonly gained: readonly Alternative[]
}

type Match = (from: Alternative, to: Alternative) => boolean

/** Finds for each option the one that it became: by its tag, its looks, its name, and last by being the only one left. */
export function pairOptions(
  old: readonly Alternative[],
  next: readonly Alternative[],
  { before, after }: Comparison,
): PairedOptions {
  const pairs: [Alternative, Alternative][] = []
  let lost = [...old]
  let gained = [...next]

  function pair(matches: Match): void {
    for (const from of lost) {
      const to = gained.find((candidate) => matches(from, candidate))
      if (to === undefined) continue
      pairs.push([from, to])
      lost = lost.filter((option) => option !== from)
      gained = gained.filter((option) => option !== to)
    }
  }

  const tag = commonTag(old, next, before, after)
  if (tag !== undefined) pair((from, to) => tagOf(from, tag, before) === tagOf(to, tag, after))
  pair((from, to) => looksAlike(from, to, before, after))
  pair((from, to) => nameOf(from) !== undefined && nameOf(from) === nameOf(to))
  pair(() => lost.length === 1 && gained.length === 1)
  return { pairs, lost, gained }
}

// A property that has one value, or a few, in each option of both.
function commonTag(
  old: readonly Alternative[],
  next: readonly Alternative[],
  before: Scope,
  after: Scope,
): string | undefined {
  const [first] = old
  if (first?.kind !== 'object' || old.length + next.length < 3) return undefined
  return [...first.properties.keys()]
    .sort()
    .find(
      (key) =>
        old.every((option) => tagOf(option, key, before) !== undefined) &&
        next.every((option) => tagOf(option, key, after) !== undefined),
    )
}

function tagOf(option: Alternative, key: string, scope: Scope): string | undefined {
  if (option.kind !== 'object') return undefined
  return literalTexts(option satisfies ObjectShape, key, scope)
    ?.toSorted()
    .join()
}

function looksAlike(from: Alternative, to: Alternative, before: Scope, after: Scope): boolean {
  return (
    from.codec === to.codec &&
    sameSchema({ schema: schemaOfShape(from), scope: before }, { schema: schemaOfShape(to), scope: after })
  )
}

function nameOf(option: Alternative): string | undefined {
  return option.name ?? option.source.title
}
