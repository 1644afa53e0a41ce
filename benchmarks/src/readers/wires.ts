import type { Wire } from './names.ts'

/** What a server sends, as text. */
interface WireFormat {
  /** What comes before the first event. */
  readonly head: string
  frame(number: number, json: string): string
}

// What each library's own server sends for such an event.
export const wires: Readonly<Record<Wire, WireFormat>> = {
  plain: { head: ':\n\n', frame: (number, json) => `id: ${number}\nevent: placed\ndata: ${json}\n\n` },
  millrace: {
    head: 'retry: 2000\nid: k3f9x2m7q1.0\nevent: millrace.open\ndata: {"verdict":"fresh","heartbeat":15000}\n\n',
    frame: (number, json) =>
      `id: k3f9x2m7q1.${number}\nevent: placed\ntopic: orders/all\ntime: 1795277350582\ndata: ${json}\n\n`,
  },
  trpc: {
    head: 'event: connected\ndata: {}\n\n\n',
    frame: (number, json) => `data: ${json}\nid: ${number}\n\n\n`,
  },
  orpc: {
    head: ': \n\n',
    frame: (number, json) => `event: message\nid: ${number}\ndata: {"json":${json}}\n\n`,
  },
  graphql: {
    head: ':\n\n',
    frame: (_number, json) => `event: next\ndata: {"data":{"placed":${json}}}\n\n`,
  },
}
