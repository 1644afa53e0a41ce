import { extensions } from '../../model/extensions.ts'
import type { DraftParam } from '../draft/draft.ts'
import { followed, type Reading } from '../reading.ts'
import { asyncApiSchema } from '../schema/dialect.ts'
import { isObject, textMember } from '../source/json-record.ts'
import { keyOf, type Place, within } from '../source/place.ts'

/** A parameter of AsyncAPI 3: a string, of which an enum, a default and examples are all that can be said. */
export function readParameter3(reading: Reading, entry: Place): readonly DraftParam[] {
  const place = followed(reading, entry, 'the parameter is any string')
  if (place === undefined) return []
  const description = textMember(place.value, 'description')
  return [{ place, name: keyOf(entry), schema: readSchema(reading, place), description }]
}

function readSchema({ schemas, problems }: Reading, place: Place) {
  const own = within(place, extensions.schema)
  if (own.value !== undefined) return schemas.read(own, asyncApiSchema)
  const old = within(place, 'schema')
  if (old.value !== undefined) {
    problems.warning(old, 'a parameter has no "schema" in AsyncAPI 3; it is read as in AsyncAPI 2')
    return schemas.read(old, asyncApiSchema)
  }
  if (!isObject(place.value)) return { type: 'string' as const }
  const said = Object.entries(place.value).filter(([name]) => ['enum', 'default', 'examples'].includes(name))
  return schemas.read({ ...place, value: { type: 'string', ...Object.fromEntries(said) } }, asyncApiSchema)
}
