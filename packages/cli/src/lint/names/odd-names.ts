import type { Place } from '../../model/place.ts'
import type { Found } from '../rule.ts'
import { hasStyle, inStyle, isIn, type Style, styles } from './style.ts'

/** The names that are not in the style that most are in. */
export function* oddNames(
  names: readonly { readonly name: string; readonly place: Place }[],
): Iterable<Found> {
  const style = commonStyle(new Set(names.map(({ name }) => name)))
  if (style === undefined) return
  for (const { name, place } of names) {
    if (!hasStyle(name) || isIn(style, name)) continue
    const better = inStyle(style, name)
    yield {
      place,
      message: `"${name}" is not in ${style}, as most names beside it are; call it "${better}", unless it is published already`,
    }
  }
}

/** The style of most names; `undefined` where none is of any. */
function commonStyle(names: ReadonlySet<string>): Style | undefined {
  const counted = styles.map((style) => ({
    style,
    count: [...names].filter((name) => isIn(style, name)).length,
  }))
  const most = Math.max(...counted.map(({ count }) => count))
  return most === 0 ? undefined : counted.find(({ count }) => count === most)?.style
}
