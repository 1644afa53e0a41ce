import { extensions } from '../../model/extensions.ts'
import type { DraftChannel, DraftContract } from '../draft/draft.ts'
import { readInfo } from '../info.ts'
import { followed, type Reading } from '../reading.ts'
import { type Dialect, dialectOfUri, openApi30Schema, openApi31Schema } from '../schema/dialect.ts'
import { isObject, member, textMember } from '../source/json-record.ts'
import { keyOf, membersOf, type Place, within } from '../source/place.ts'
import { type Operation, readOperation } from './operation.ts'

const methods = new Set(['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query'])

/** Reads OpenAPI 3.0, 3.1 and 3.2: each operation that answers with an event stream is a channel. */
export function readOpenApi(reading: Reading): DraftContract {
  const { root } = reading
  const all = operationsOf(reading)
  // Beside the paths of channels, our own documents have one for all of them.
  const ours = all.filter(({ place }) => member(place.value, extensions.channel) !== undefined)
  const dialect = dialectOf(root)
  const channels = (ours.length > 0 ? ours : all)
    .map((operation) => readOperation(reading, operation, dialect, ours.length > 0))
    .filter((channel): channel is DraftChannel => channel !== undefined)
  return {
    ...readInfo(root),
    channels,
    whyEmpty: 'no response of this document has an event stream ("text/event-stream") that could be read',
  }
}

function operationsOf(reading: Reading): readonly Operation[] {
  return membersOf(within(reading.root, 'paths')).flatMap((entry) => {
    const path = keyOf(entry)
    if (!path.startsWith('/')) return []
    const item = followed(reading, entry, 'the path is left out')
    if (item === undefined) return []
    const shared = within(item, 'parameters')
    const own = membersOf(item).filter((child) => methods.has(keyOf(child).toLowerCase()))
    const additional = membersOf(within(item, 'additionalOperations'))
    return [...own, ...additional]
      .filter((place) => isObject(place.value))
      .map((place) => ({ path, place, shared, words: wordsOf(item) }))
  })
}

function wordsOf(item: Place): string | undefined {
  return textMember(item.value, 'description') ?? textMember(item.value, 'summary')
}

function dialectOf(root: Place): Dialect {
  const version = String(member(root.value, 'openapi'))
  const stated = textMember(root.value, 'jsonSchemaDialect')
  const fallback = version.startsWith('3.0') ? openApi30Schema : openApi31Schema
  return (stated === undefined ? undefined : dialectOfUri(stated)) ?? fallback
}
