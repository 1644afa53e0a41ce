import type { PeerDescription } from '../peers/names.ts'

/** Every client, by the name of its file, in the order in which they are shown. */
export const readers = {
  'bare-fetch': { title: 'bare `fetch`, hand-written scan, `JSON.parse`', packages: [], wire: 'millrace' },
  'bare-fetch-plain': { title: 'the same, of events without further fields', packages: [], wire: 'plain' },
  'millrace-client': { title: 'Millrace, by address', packages: [], wire: 'millrace' },
  'millrace-iterator': { title: 'Millrace, by address, as an iterator', packages: [], wire: 'millrace' },
  'millrace-decoded': { title: 'Millrace, decoded by the contract', packages: [], wire: 'millrace' },
  'eventsource-client': {
    title: 'eventsource-client, `JSON.parse`',
    packages: ['eventsource-client'],
    wire: 'plain',
  },
  eventsource: { title: 'eventsource, `JSON.parse`', packages: ['eventsource'], wire: 'plain' },
  'trpc-client': { title: 'tRPC', packages: ['@trpc/client'], wire: 'trpc' },
  'orpc-client': { title: 'oRPC', packages: ['@orpc/client'], wire: 'orpc' },
  'graphql-sse': { title: 'graphql-sse', packages: ['graphql-sse'], wire: 'graphql' },
} as const satisfies Record<string, PeerDescription & { readonly wire: string }>

export type ReaderName = keyof typeof readers

/** How events are written for a client. */
export type Wire = (typeof readers)[ReaderName]['wire']
