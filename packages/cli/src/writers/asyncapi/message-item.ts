import type { EventModel } from '../../model/contract-model.ts'
import { extensions } from '../../model/extensions.ts'
import { present } from '../document.ts'
import { toDraft7 } from '../schema/draft-7.ts'
import { schemaRef } from './schema-ref.ts'

/** A message; on the wire its event may have another name than in the contract. */
export function messageItem(event: EventModel, name = event.name): object {
  const { title, description, deprecated, version, upgradesFrom = [], schema, examples } = event
  // A summary is one line; tools show it beside the name.
  const short = description !== undefined && !description.includes('\n')
  return present({
    name,
    title,
    summary: short ? description : undefined,
    description: short ? undefined : description,
    payload: toDraft7(schema, schemaRef),
    examples: examples?.map((payload) => ({ payload })),
    [extensions.version]: version === 1 ? undefined : version,
    [extensions.upgradesFrom]: upgradesFrom.length === 0 ? undefined : upgradesFrom,
    [extensions.deprecated]: deprecated,
  })
}
