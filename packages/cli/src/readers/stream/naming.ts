import { type Definitions, memberNames, memberView } from '../schema/schema-view.ts'
import { usualTags } from '../schema/tags.ts'
import type { StreamOption } from './stream-option.ts'

/**
 * The member whose constant tells the options of a union apart, and so names the events: that of the discriminator, else one
 * that most options have with values of their own, the usual words first.
 */
export function namingMember(
  options: readonly StreamOption[],
  discriminator: string | undefined,
  definitions: Definitions,
): string | undefined {
  if (discriminator !== undefined) return discriminator
  const names = new Set(options.flatMap(({ schema }) => memberNames(schema, definitions)))
  const candidates = [...usualTags.filter((name) => names.has(name)), ...names]
  let best: string | undefined
  let bestCount = 0
  for (const name of new Set(candidates)) {
    const found = options
      .map(({ schema }) => memberView(schema, name, definitions).values)
      .filter((values) => values !== undefined)
    const listed = found.flat()
    const isDistinct = new Set(listed).size >= listed.length * 0.75
    const isMostlySingle = found.filter((values) => values.length === 1).length * 2 > found.length
    if (isDistinct && isMostlySingle && found.length > bestCount) {
      best = name
      bestCount = found.length
    }
  }
  // A lone object may have a constant of any meaning; a union is told apart by something that most of it has.
  if (options.length === 1)
    return best !== undefined && usualTags.slice(0, 4).includes(best) ? best : undefined
  return bestCount * 2 >= options.length ? best : undefined
}
