import { isObject } from './json-record.ts'
import { type Place, within } from './place.ts'

/** Where a pointer led. */
export type Followed =
  /** `mended` when the pointer was not written as it should be and only one thing could be meant. */
  | { readonly found: Place; readonly mended: boolean }
  /** The farthest place it reached, and the token that is not there. */
  | { readonly found: undefined; readonly reached: Place; readonly missing: string }

/**
 * Follows the tokens of a JSON Pointer, through refs that stand in its way. Where a key is missing, the `/` in a key may
 * have been left unescaped (`#/channels/user/signedup`), so that several tokens together are tried as one.
 */
export function followPointer(
  root: Place,
  tokens: readonly string[],
  throughRef: (place: Place) => Place | undefined,
): Followed {
  let reached = root
  let depth = 0
  let mended = false

  const found = walk(root, 0)
  return found === undefined ? { found, reached, missing: tokens[depth] ?? '' } : { found, mended }

  function walk(place: Place, index: number): Place | undefined {
    if (index >= depth) {
      reached = place
      depth = index
    }
    if (index === tokens.length) return place
    const exact = within(place, tokens[index] as string)
    if (exact.value !== undefined) {
      const end = walk(exact, index + 1)
      if (end !== undefined) return end
    }
    return walkThroughRef(place, index) ?? walkJoined(place, index)
  }

  function walkThroughRef(place: Place, index: number): Place | undefined {
    if (!isObject(place.value) || typeof place.value.$ref !== 'string') return undefined
    const target = throughRef(place)
    return target && walk(target, index)
  }

  function walkJoined(place: Place, index: number): Place | undefined {
    if (!isObject(place.value)) return undefined
    for (let end = index + 2; end <= tokens.length; end++) {
      const joined = within(place, tokens.slice(index, end).join('/'))
      const found = joined.value === undefined ? undefined : walk(joined, end)
      if (found !== undefined) {
        mended = true
        return found
      }
    }
    return undefined
  }
}
