import type { DraftParam } from '../draft/draft.ts'
import { followed, type Reading } from '../reading.ts'
import type { Dialect } from '../schema/dialect.ts'
import { textMember } from '../source/json-record.ts'
import { elementsOf, membersOf, type Place, within } from '../source/place.ts'
import type { Operation } from './operation.ts'

/** The parameters of an operation: those in its path, and those that an address has no place for. */
export function readParameters(
  reading: Reading,
  { place, shared }: Operation,
  dialect: Dialect,
): { readonly params: readonly DraftParam[]; readonly unusable: readonly Place[] } {
  const found = new Map<string, Place>()
  for (const entry of [...elementsOf(shared), ...elementsOf(within(place, 'parameters'))]) {
    const parameter = followed(reading, entry, 'the parameter is left out')
    if (parameter === undefined) continue
    const name = textMember(parameter.value, 'name')
    // The operation's own replaces one of its path.
    if (name === undefined) reading.problems.loss(parameter, 'a parameter without a name is left out')
    else found.set(`${textMember(parameter.value, 'in')} ${name}`, parameter)
  }
  const all = [...found.values()]
  return {
    params: all
      .filter((parameter) => textMember(parameter.value, 'in') === 'path')
      .map((parameter) => readParameter(reading, parameter, dialect)),
    unusable: all.filter((parameter) => textMember(parameter.value, 'in') !== 'path'),
  }
}

function readParameter({ schemas }: Reading, place: Place, dialect: Dialect): DraftParam {
  const direct = within(place, 'schema')
  const [content] = membersOf(within(place, 'content'))
  const schema = direct.value !== undefined ? direct : content && within(content, 'schema')
  return {
    place,
    name: textMember(place.value, 'name') as string,
    schema: schema?.value === undefined ? { type: 'string' } : schemas.read(schema, dialect),
    description: textMember(place.value, 'description'),
  }
}
