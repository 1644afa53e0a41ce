/** What is known of a peer without starting it. */
export interface PeerDescription {
  /** As a person reads it. */
  readonly title: string
  /** The packages whose versions are told. */
  readonly packages: readonly string[]
}

/** Every peer, by the name of its file, in the order in which they are shown. */
export const peers = {
  'raw-socket': { title: '`node:http` head, then `socket.write` of shared bytes', packages: [] },
  'raw-joined': { title: 'the same, the events of a tick joined', packages: [] },
  'raw-response': { title: '`node:http`, `response.write` of shared bytes', packages: [] },
  'raw-response-joined': { title: 'the same, the events of a tick joined', packages: [] },
  'raw-http2': { title: '`node:http2`, `stream.write` of shared bytes', packages: [] },
  millrace: { title: 'Millrace, Node listener', packages: [] },
  'millrace-response': { title: 'Millrace, Node listener with `takeSockets: false`', packages: [] },
  'millrace-express': { title: 'Millrace, Node listener in Express', packages: ['express'] },
  'millrace-hono': { title: 'Millrace, fetch handler in Hono', packages: ['hono', '@hono/node-server'] },
  'millrace-http2': { title: 'Millrace, HTTP/2', packages: [] },
  'millrace-topics': { title: 'Millrace, a topic for each connection', packages: [] },
  'better-sse': { title: 'better-sse', packages: ['better-sse'] },
  'fastify-sse': { title: '@fastify/sse', packages: ['@fastify/sse', 'fastify'] },
  h3: { title: 'h3', packages: ['h3'] },
  hono: { title: 'Hono `streamSSE`', packages: ['hono', '@hono/node-server'] },
  orpc: { title: 'oRPC event iterator', packages: ['@orpc/server'] },
  trpc: { title: 'tRPC subscription', packages: ['@trpc/server'] },
  'socket-io': { title: 'Socket.IO', packages: ['socket.io'] },
  ws: { title: 'ws', packages: ['ws'] },
} as const satisfies Record<string, PeerDescription>

export type PeerName = keyof typeof peers

/** The peers that are other people's. */
export const others = [
  'better-sse',
  'fastify-sse',
  'h3',
  'hono',
  'orpc',
  'trpc',
  'socket-io',
  'ws',
] as const satisfies readonly PeerName[]
