import type { ContractModel } from '../../model/contract-model.ts'
import { extensions } from '../../model/extensions.ts'
import { toPascalCase } from '../../model/names.ts'
import { type JsonDocument, present } from '../document.ts'
import { toDraft7 } from '../schema/draft-7.ts'
import { channelItem } from './channel-item.ts'
import { operationItem } from './operation-item.ts'
import { schemaRef } from './schema-ref.ts'
import { serverItem } from './server-item.ts'

/** What an AsyncAPI document says that a contract does not. */
export interface AsyncApiOptions {
  /** Where the events are served: `https://example.org/events`. Without it the document names no server. */
  readonly url?: string
}

/** A contract as an AsyncAPI 3.1 document: what a server sends, as a stream of Server-Sent Events. */
export function toAsyncApi(model: ContractModel, options: AsyncApiOptions = {}): JsonDocument {
  const { name, title, version, description, channels, definitions } = model
  const schemas = Object.entries(definitions).map(([key, schema]) => [key, toDraft7(schema, schemaRef)])
  return present({
    asyncapi: '3.1.0',
    info: present({
      title: title ?? name,
      version,
      description,
      [extensions.name]: title === undefined ? undefined : name,
    }),
    servers: options.url === undefined ? undefined : { events: serverItem(options.url) },
    defaultContentType: 'application/json',
    channels: Object.fromEntries(channels.map((channel) => [channel.key, channelItem(channel)])),
    operations: Object.fromEntries(
      channels.map((channel) => [`send${toPascalCase(channel.key) || channel.key}`, operationItem(channel)]),
    ),
    components: schemas.length === 0 ? undefined : { schemas: Object.fromEntries(schemas) },
  })
}
