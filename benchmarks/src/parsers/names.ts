import type { PeerDescription } from '../peers/names.ts'

/** Every parser, by the name of its file, in the order in which they are shown. */
export const parsers = {
  'eventsource-parser': {
    title: 'eventsource-parser',
    packages: ['eventsource-parser'],
    wire: 'plain',
  },
  'millrace-parser': { title: 'Millrace', packages: [], wire: 'plain' },
  'eventsource-parser-fields': {
    title: 'eventsource-parser, on events with further fields, which it ignores',
    packages: ['eventsource-parser'],
    wire: 'millrace',
  },
  'millrace-parser-fields': {
    title: 'Millrace, on those, which it reads',
    packages: [],
    wire: 'millrace',
  },
} as const satisfies Record<string, PeerDescription & { readonly wire: string }>

export type ParserName = keyof typeof parsers
