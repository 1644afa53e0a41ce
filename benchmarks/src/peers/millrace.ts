import type { StartPeer } from './peer.ts'
import { startMillrace } from './start-millrace.ts'

export const start: StartPeer = (options) => startMillrace(options, {})
