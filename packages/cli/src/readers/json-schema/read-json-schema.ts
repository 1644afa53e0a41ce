import type { DraftContract, DraftEvent } from '../draft/draft.ts'
import { camelCase } from '../names/words.ts'
import type { Reading } from '../reading.ts'
import { type Dialect, dialectOfUri, draft2020 } from '../schema/dialect.ts'
import { looksLikeSchema } from '../schema/keywords.ts'
import { fileStem } from '../source/file-path.ts'
import { member, textMember } from '../source/json-record.ts'
import { elementsOf, isObjectPlace, keyOf, type Place, within } from '../source/place.ts'
import { isRef } from '../source/resolver.ts'
import { readStream } from '../stream/read-stream.ts'
import { unreferredDefinitions } from './unreferred-definitions.ts'

/**
 * Reads a JSON Schema: a union is one event for each of its options, any other schema one event. A document of definitions
 * alone is one event for each that no other refers to.
 */
export function readJsonSchema(reading: Reading): DraftContract {
  const { root, schemas } = reading
  const stem = fileStem(root.file.path)
  const title = textMember(root.value, 'title')
  const stated = textMember(root.value, '$schema')
  const dialect = (stated === undefined ? undefined : dialectOfUri(stated)) ?? draft2020
  const isSchema = isObjectPlace(root) && looksLikeSchema(root.value)
  const version = commentedVersion(root)
  const events = isSchema
    ? ((version && readOwnUnion(reading, dialect)) ?? readUnion(reading, dialect, title ?? stem))
    : readDefinitions(reading, dialect)
  schemas.settle()
  const name = textMember(root.value, '$id') === undefined ? stem : (idStem(root) ?? stem)
  return {
    place: root,
    name: title ?? name,
    title: title === undefined || /^[a-z][a-z0-9-]*$/.test(title) ? undefined : title,
    version,
    description: isUnion(root) ? textMember(root.value, 'description') : undefined,
    channels: [{ place: root, key: 'events', address: 'events', description: undefined, params: [], events }],
  }
}

function readUnion(reading: Reading, dialect: Dialect, name: string): readonly DraftEvent[] {
  const { root, schemas, problems } = reading
  const schema = schemas.read(root, dialect)
  const fallback = camelCase(name) || 'event'
  return readStream({ place: root, schema, isItem: false, isOurs: false, fallback }, schemas, problems).events
}

// In a document of our own each option is an event by its name, whatever is in it.
function readOwnUnion(
  { root, schemas, resolver }: Reading,
  dialect: Dialect,
): readonly DraftEvent[] | undefined {
  const options = elementsOf(within(root, 'anyOf'))
  if (options.length === 0 || !options.every(isRef)) return undefined
  return options.map((place) => ({
    ...unnamed(place),
    names: [keyOf(resolver.resolve(place).place ?? place)],
    schema: schemas.read(place, dialect),
  }))
}

function readDefinitions(reading: Reading, dialect: Dialect): readonly DraftEvent[] {
  return unreferredDefinitions(reading).map((place) => ({
    ...unnamed(place),
    names: [keyOf(place)],
    schema: reading.schemas.read(place, dialect),
  }))
}

// What there is to say of an event stands in its schema.
function unnamed(place: Place) {
  return { place, title: undefined, description: undefined, deprecated: false, examples: [] }
}

function isUnion(root: Place): boolean {
  return ['anyOf', 'oneOf'].some((name) => member(root.value, name) !== undefined)
}

function idStem(root: Place): string | undefined {
  const id = textMember(root.value, '$id')?.replace(/[#?].*$/s, '')
  return id === undefined || id === '' ? undefined : fileStem(id)
}

// Our own writer says the version of the contract in a comment; JSON Schema has no word for it.
function commentedVersion(root: Place): Place | undefined {
  const comment = within(root, '$comment')
  const version = typeof comment.value === 'string' ? /^Version (\S+)$/.exec(comment.value)?.[1] : undefined
  if (version === undefined) return undefined
  return { ...comment, file: { ...comment.file, textOf: () => version }, value: version }
}
