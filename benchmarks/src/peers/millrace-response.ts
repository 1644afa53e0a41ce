import type { StartPeer } from './peer.ts'
import { startMillrace } from './start-millrace.ts'

/** As where it was asked to leave `node:http` alone. */
export const start: StartPeer = (options) => startMillrace(options, { takeSockets: false })
