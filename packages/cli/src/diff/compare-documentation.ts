import type { Place } from '../model/place.ts'
import type { Change } from './change.ts'
import { changeBy } from './note.ts'
import { stableText } from './shape/stable-text.ts'

interface Documented {
  readonly title?: string
  readonly description?: string
  readonly examples?: readonly unknown[]
  readonly deprecated?: boolean
}

/** Compares what is said about a part of the contract to those who read it. */
export function compareDocumentation(old: Documented, next: Documented, place: Place): readonly Change[] {
  const changes: Change[] = []
  for (const member of ['title', 'description', 'examples'] as const) {
    if (stableText(old[member]) === stableText(next[member])) continue
    const what = old[member] === undefined ? 'added' : next[member] === undefined ? 'removed' : 'changed'
    changes.push(changeBy('documentation-changed', place, `The ${member} ${verbs(member)} ${what}`))
  }
  if (!old.deprecated && next.deprecated) changes.push(changeBy('deprecated', place, 'It is deprecated'))
  if (old.deprecated && !next.deprecated) {
    changes.push(changeBy('undeprecated', place, 'It is no longer deprecated'))
  }
  return changes
}

function verbs(member: string): string {
  return member === 'examples' ? 'were' : 'was'
}
