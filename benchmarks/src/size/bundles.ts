/** Something that a page may load. */
export interface Bundle {
  readonly title: string
  /** The packages whose versions are told; none of our own. */
  readonly packages: readonly string[]
  /** What an application would write. */
  readonly source: string
}

const used = (names: string, from: string) =>
  `import { ${names} } from '${from}'\nglobalThis.used = [${names}]`

const withClient = (names: string, from: string) =>
  `${used('createEventClient', '@millrace/client')}\n${used(names, from).replace('globalThis.used', 'globalThis.more')}`

/** What is compared. Each as its own documentation has it, and nothing beside what a subscription takes. */
export const bundles: readonly Bundle[] = [
  {
    title: '`@millrace/client`, `createEventClient`',
    packages: [],
    source: used('createEventClient', '@millrace/client'),
  },
  {
    title: '`@millrace/client/eventsource`, `EventSource`',
    packages: [],
    source: used('EventSource', '@millrace/client/eventsource'),
  },
  {
    title: '`@millrace/client/stream`, `streamEvents`: the smallest useful import',
    packages: [],
    source: used('streamEvents', '@millrace/client/stream'),
  },
  {
    title: '`@millrace/client/each`, with the client',
    packages: [],
    source: withClient('each', '@millrace/client/each'),
  },
  {
    title: '`@millrace/client/polling`, `longPolling`, with the client',
    packages: [],
    source: withClient('longPolling', '@millrace/client/polling'),
  },
  {
    title: '`@millrace/client/state`, `state`, with the client',
    packages: [],
    source: withClient('state', '@millrace/client/state'),
  },
  {
    title: '`@millrace/client/storage`, `cursorStorage`, with the client',
    packages: [],
    source: withClient('cursorStorage', '@millrace/client/storage'),
  },
  {
    title: '`@millrace/client/share`, `acrossTabs`, with the client',
    packages: [],
    source: withClient('acrossTabs', '@millrace/client/share'),
  },
  {
    title: '`@millrace/protocol`, its parser alone',
    packages: [],
    source: used('SseParser', '@millrace/protocol'),
  },
  {
    title: 'eventsource-parser',
    packages: ['eventsource-parser'],
    source: used('createParser', 'eventsource-parser'),
  },
  {
    title: 'eventsource-client',
    packages: ['eventsource-client'],
    source: used('createEventSource', 'eventsource-client'),
  },
  { title: 'eventsource', packages: ['eventsource'], source: used('EventSource', 'eventsource') },
  { title: 'graphql-sse', packages: ['graphql-sse'], source: used('createClient', 'graphql-sse') },
  {
    title: 'tRPC, subscriptions',
    packages: ['@trpc/client'],
    source: used('createTRPCClient, httpSubscriptionLink', '@trpc/client'),
  },
  {
    title: 'oRPC, `fetch` link',
    packages: ['@orpc/client'],
    source: `import { createORPCClient } from '@orpc/client'\nimport { RPCLink } from '@orpc/client/fetch'\nglobalThis.used = [createORPCClient, RPCLink]`,
  },
  { title: 'Socket.IO', packages: ['socket.io-client'], source: used('io', 'socket.io-client') },
  { title: 'centrifuge', packages: ['centrifuge'], source: used('Centrifuge', 'centrifuge') },
]
