import type { StartPeer } from './peer.ts'
import { startMillrace } from './start-millrace.ts'

/** As below Express, Fastify and Koa, which own the responses. */
export const start: StartPeer = (options) => startMillrace(options, { takeSockets: false })
