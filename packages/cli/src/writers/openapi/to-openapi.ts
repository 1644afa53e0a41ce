import type { ContractModel } from '../../model/contract-model.ts'
import { extensions } from '../../model/extensions.ts'
import { type JsonDocument, present } from '../document.ts'
import { problemSchema } from '../wire/problem-schema.ts'
import { snapshotEvent } from '../wire/snapshot.ts'
import { componentNames } from './component-names.ts'
import { basePath, channelPath } from './path-item.ts'
import { schemaRef, toComponentSchema } from './schema-2020.ts'
import { sharedComponents } from './shared-parts.ts'
import { controlItem, eventItem, type OpenApiVersion } from './stream-item.ts'

/** What an OpenAPI document says that a contract does not. */
export interface OpenApiOptions {
  /** 3.2 can describe the items of a stream; 3.1 is for tools that do not know it yet. @default '3.2' */
  readonly version?: OpenApiVersion
  /** Where the server is: `https://example.org`. Without it the paths are relative to where the document is. */
  readonly server?: string
  /** The path that the streams are served under. @default '/events' */
  readonly basePath?: string
}

/** A contract as an OpenAPI document: the paths that stream its channels as Server-Sent Events. */
export function toOpenApi(model: ContractModel, options: OpenApiOptions = {}): JsonDocument {
  const { version = '3.2', server = '/' } = options
  const base = `/${(options.basePath ?? '/events').replace(/^\/+|\/+$/g, '')}`
  const under = base === '/' ? '' : base
  const { channels, definitions, title, name, description } = model
  const names = componentNames(model)

  return present({
    openapi: version === '3.2' ? '3.2.0' : '3.1.1',
    info: present({
      title: title ?? name,
      version: model.version,
      description,
      [extensions.name]: title === undefined ? undefined : name,
    }),
    servers: [{ url: server }],
    tags: channels.map(({ key, path, description = `Events of ${path}` }) => ({ name: key, description })),
    paths: Object.fromEntries([
      [base, basePath(model, names, version)],
      ...channels.map((channel) => [`${under}/${channel.path}`, channelPath(channel, model, names, version)]),
    ]),
    components: {
      ...sharedComponents(names.problem),
      schemas: Object.fromEntries([
        ...Object.entries(definitions).map(([key, schema]) => [key, toComponentSchema(schema, definitions)]),
        ...channels.flatMap((channel) => {
          const { events, snapshot } = channel
          const items = snapshot === undefined ? events : [...events, snapshot]
          const refs = items.map((event) => ({
            name: event === snapshot ? snapshotEvent : event.name,
            $ref: schemaRef(names.event(event)),
          }))
          const union = {
            oneOf: refs.map(({ $ref }) => ({ $ref })),
            discriminator: {
              propertyName: 'event',
              mapping: Object.fromEntries(refs.map(({ name, $ref }) => [name, $ref])),
            },
          }
          return [
            [names.channel(channel), union],
            ...items.map((event) => [
              names.event(event),
              eventItem(event, model, version, event === snapshot),
            ]),
          ]
        }),
        [names.control, controlItem],
        [names.problem, problemSchema],
      ]),
    },
  })
}
