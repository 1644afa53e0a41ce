import type { Problems } from './problems.ts'
import type { SchemaReader } from './schema/schema-reader.ts'
import type { Place } from './source/place.ts'
import type { Resolver } from './source/resolver.ts'

/** What the reader of each format works with. */
export interface Reading {
  readonly root: Place
  readonly problems: Problems
  readonly resolver: Resolver
  readonly schemas: SchemaReader
}

/** What a place holds or refers to; `undefined` where the ref leads nowhere, which is then told with what follows from it. */
export function followed(reading: Reading, place: Place, consequence: string): Place | undefined {
  const { place: target, why } = reading.resolver.follow(place)
  if (target === undefined) reading.problems.loss(place, `${why}; ${consequence}`)
  return target
}
