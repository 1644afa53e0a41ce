import type { Reading } from '../reading.ts'
import { descend, elementsOf, identityOf, isObjectPlace, membersOf, type Place } from '../source/place.ts'
import { isRef } from '../source/resolver.ts'

/** The definitions of a document that no other one refers to; all of them where each is referred to. */
export function unreferredDefinitions({ root, resolver }: Reading): readonly Place[] {
  const shelves = [['$defs'], ['definitions'], ['components', 'schemas']]
  const definitions = shelves
    .flatMap((keys) => membersOf(descend(root, ...keys)))
    .filter((place) => isObjectPlace(place) || place.value === true)
  const referred = new Set<string>()
  for (const definition of definitions) {
    const own = identityOf(definition)
    for (const ref of refsIn(definition)) {
      const target = resolver.follow(ref).place
      if (target !== undefined && identityOf(target) !== own) referred.add(identityOf(target))
    }
  }
  const free = definitions.filter((place) => !referred.has(identityOf(place)))
  return free.length > 0 ? free : definitions
}

function refsIn(place: Place): readonly Place[] {
  const inner = [...membersOf(place), ...elementsOf(place)].flatMap(refsIn)
  return isRef(place) ? [place, ...inner] : inner
}
