import type { ContractModel } from '../../model/contract-model.ts'
import type { JsonSchema } from '../../model/json-schema.ts'
import { contractName, semanticVersion } from '../names/contract-name.ts'
import type { Problems } from '../problems.ts'
import type { SchemaReader } from '../schema/schema-reader.ts'
import { fileStem } from '../source/file-path.ts'
import type { Place } from '../source/place.ts'
import { assembleChannels } from './assemble-channels.ts'
import type { DraftContract } from './draft.ts'
import { reachable } from './reachable.ts'

/** Makes the model of a draft, once all of its schemas are read. */
export function assemble(
  draft: DraftContract,
  schemas: SchemaReader,
  problems: Problems,
): ContractModel | undefined {
  schemas.settle()
  const withEvents = draft.channels.filter(
    ({ events, snapshot }) => events.length > 0 || snapshot !== undefined,
  )
  if (withEvents.length === 0) {
    problems.error(draft.place, draft.whyEmpty ?? 'there is no event in this document that could be read')
    return undefined
  }
  const channels = assembleChannels(withEvents, schemas, problems)
  const needed = reachable(channels, schemas.definitions)
  for (const schema of needed.schemas) {
    if (typeof schema !== 'object' || schema.contentSchema === undefined) continue
    const place = schemas.placeOf(schema.contentSchema as JsonSchema) ?? draft.place
    problems.loss(place, '"contentSchema" is left out: what is inside of a string is not checked')
    // The reader made this object, and it is the last to touch it.
    delete (schema as { contentSchema?: unknown }).contentSchema
  }
  const { title, description } = draft
  return {
    name: contractName(draft.name ?? title ?? '', fileStem(draft.place.file.path)),
    version: readVersion(draft.version, problems),
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description }),
    channels,
    definitions: needed.definitions,
  }
}

function readVersion(place: Place | undefined, problems: Problems): string {
  if (place === undefined) return '0.0.0'
  const known = ['string', 'number'].includes(typeof place.value)
  const written = known ? (place.file.textOf(place.tokens) ?? String(place.value)) : ''
  const version = semanticVersion(written)
  if (version !== written) {
    problems.warning(place, `"${written}" is no semantic version; it is read as "${version}"`)
  }
  return version
}
