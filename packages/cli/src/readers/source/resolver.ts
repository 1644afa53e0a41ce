import type { Problems } from '../problems.ts'
import { joinPath } from './file-path.ts'
import type { FileSet } from './file-set.ts'
import { followPointer } from './follow-pointer.ts'
import { isObject, type JsonRecord } from './json-record.ts'
import { nearest } from './nearest.ts'
import { descend, identityOf, type Place, rootOf } from './place.ts'
import { readPointer, writePointer } from './pointer.ts'
import { filePart, hasScheme, parseReference, type Reference, resolveUri } from './reference.ts'
import { createResources } from './resources.ts'

/** What a ref leads to, or why it leads nowhere. */
export type Resolved =
  | { readonly place: Place; readonly why?: never }
  | { readonly place?: never; readonly why: string }

/** Follows refs, within a file and from file to file. */
export interface Resolver {
  /** One step: what the `$ref` in this object names. */
  resolve(place: Place<RefObject>): Resolved
  /** Through all refs to what is none; the place itself where it is none. */
  follow(place: Place): Resolved
  /** The same, stopping before a ref that has something beside it. */
  followBare(place: Place): Resolved
}

export type RefObject = JsonRecord & { readonly $ref: string }

export function isRef(place: Place): place is Place<RefObject> {
  return isObject(place.value) && typeof place.value.$ref === 'string'
}

export function createResolver(files: FileSet, problems: Problems): Resolver {
  const resources = createResources(files)
  const underway = new Set<string>()
  return { resolve, follow: (place) => through(place, isRef), followBare }

  // The first step is taken whatever stands beside the ref: who asks has looked at it.
  function followBare(place: Place): Resolved {
    const first = isRef(place) ? resolve(place) : { place }
    return first.place === undefined
      ? first
      : through(
          first.place,
          (next): next is Place<RefObject> => isRef(next) && Object.keys(next.value).length === 1,
        )
  }

  function through(place: Place, goesOn: (next: Place) => next is Place<RefObject>): Resolved {
    const seen = new Set<string>()
    let current = place
    while (goesOn(current)) {
      const identity = identityOf(current)
      if (seen.has(identity)) return { why: `"${current.value.$ref}" leads in a circle` }
      seen.add(identity)
      const next = resolve(current)
      if (next.place === undefined) return next
      current = next.place
    }
    return { place: current }
  }

  function resolve(place: Place<RefObject>): Resolved {
    const identity = identityOf(place)
    if (underway.has(identity)) return { why: `"${place.value.$ref}" leads in a circle` }
    underway.add(identity)
    try {
      return find(place, parseReference(place.value.$ref))
    } finally {
      underway.delete(identity)
    }
  }

  function find(place: Place<RefObject>, reference: Reference): Resolved {
    const roots = rootsOf(place, reference.target)
    if (roots.why !== undefined) return bareName(place, reference) ?? roots
    let answer: Resolved | undefined
    for (const root of roots.places) {
      const found = inRoot(place, root, reference.fragment)
      if (found.place !== undefined) return found
      answer ??= found
    }
    return answer ?? { why: `"${place.value.$ref}" leads nowhere` }
  }

  // A pointer is relative to the schema with an `$id` around it; many authors mean the file all the same.
  function rootsOf(
    place: Place,
    target: string,
  ): { places: readonly Place[]; why?: undefined } | { why: string } {
    const around = resources.around(place)
    if (target === '') return { places: [around.root, rootOf(place.file)] }
    const uri = resolveUri(target, around.uri)
    const named = uri === undefined ? undefined : resources.byUri(uri)
    if (named !== undefined) return { places: [named] }
    if (/^https?:/i.test(target)) {
      return {
        why: `"${target}" is on the network, from which nothing is loaded; save it to a file and refer to that`,
      }
    }
    if (hasScheme(target)) return { why: `nothing here has the $id "${target}"` }
    const path = joinPath(place.file.path, filePart(target))
    const file = files.get(path)
    return file === undefined
      ? { why: `the file "${path}" could not be read: ${files.whyMissing(path)}` }
      : { places: [rootOf(file)] }
  }

  function inRoot(place: Place<RefObject>, root: Place, fragment: string | undefined): Resolved {
    if (fragment === undefined || fragment === '') return { place: root }
    if (!fragment.startsWith('/')) {
      const anchored = resources.byAnchor(root, fragment)
      if (anchored !== undefined) return { place: anchored }
    }
    const pointer = fragment.startsWith('/') ? fragment : `/${fragment}`
    const passRef = (ref: Place) => through(ref, isRef).place
    const result = followPointer(root, readPointer(pointer), passRef)
    if (result.found !== undefined) {
      if (result.mended || pointer !== fragment) {
        problems.warning(
          place,
          `"${place.value.$ref}" should be written "${writePointer(result.found.tokens)}" (a "/" in a key is "~1")`,
        )
      }
      return { place: result.found }
    }
    // A key may hold a `%` that was not meant as an escape.
    const raw = followPointer(root, pointer.split('/').slice(1), passRef)
    if (raw.found !== undefined) return { place: raw.found }

    const { reached, missing } = result
    const meant = isObject(reached.value) ? nearest(missing, Object.keys(reached.value)) : undefined
    const hint = meant === undefined ? '' : `; did you mean "${meant}"?`
    const where = `${reached.file === place.file ? '' : reached.file.path}${writePointer(reached.tokens)}`
    return { why: `"${place.value.$ref}" leads nowhere: there is no "${missing}" in ${where}${hint}` }
  }

  // `$ref: User`, as Swagger 1 had it and people still write it.
  function bareName(place: Place<RefObject>, { target, fragment }: Reference): Resolved | undefined {
    if (fragment !== undefined || !/^\w+$/.test(target)) return undefined
    const isMessage = place.tokens.at(-1) === 'message' || place.tokens.at(-2) === 'messages'
    const messages = isMessage ? [['components', 'messages']] : []
    for (const keys of [...messages, ['components', 'schemas'], ['$defs'], ['definitions']]) {
      const named = descend(rootOf(place.file), ...keys, target)
      if (named.value === undefined) continue
      problems.warning(place, `"${target}" should be written "${writePointer(named.tokens)}"`)
      return { place: named }
    }
    return undefined
  }
}
