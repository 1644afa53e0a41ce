import type { Reading } from './reading.ts'
import { elementsOf, keyOf, membersOf, type Place } from './source/place.ts'
import { writePointer } from './source/pointer.ts'
import { isRef } from './source/resolver.ts'

const data = new Set(['const', 'default', 'enum', 'example', 'examples', 'payloads'])

/** Tells of refs that lead nowhere in parts of the document that nothing imported needs. */
export function reportUnusedRefs(reading: Reading): void {
  const { problems, resolver, root } = reading
  const told = new Set(problems.list.map(({ file, pointer }) => `${file}${pointer}`))
  visit(root)

  function visit(place: Place): void {
    if (isRef(place) && !told.has(`${place.file.path}${writePointer(place.tokens)}`)) {
      const { why } = resolver.follow(place)
      // What stands on the network may well be there.
      if (why !== undefined && !/^https?:/i.test(place.value.$ref))
        problems.warning(place, `${why}; nothing that is imported needs it`)
    }
    for (const child of [...membersOf(place), ...elementsOf(place)]) {
      if (!data.has(keyOf(child)) && !keyOf(child).startsWith('x-')) visit(child)
    }
  }
}
