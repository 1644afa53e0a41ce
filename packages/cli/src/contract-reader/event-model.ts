import type { EventDefinition } from '@millrace/contract'
import type { EventModel } from '../model/contract-model.ts'
import type { JsonSchema } from '../model/json-schema.ts'

/** An event of the model. What its schema says of itself as a whole is said of the event. */
export function eventModel(name: string, definition: EventDefinition, schema: JsonSchema): EventModel {
  const { version, upgradesFrom = [] } = definition
  const older = upgradesFrom.length === 0 ? {} : { upgradesFrom }
  if (typeof schema === 'boolean') return { name, version, ...older, schema }
  const { title, description, deprecated, examples, ...rest } = schema
  return {
    name,
    version,
    ...older,
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description }),
    ...(deprecated === undefined ? {} : { deprecated }),
    ...(examples === undefined ? {} : { examples }),
    schema: rest,
  }
}
