import { start as startMillrace } from './millrace.ts'
import type { StartPeer } from './peer.ts'

/** The same server; each connection asks for a topic of its own. */
export const start: StartPeer = async (options) => {
  const peer = await startMillrace(options)
  return Object.defineProperty(peer, 'address', {
    value: { protocol: 'http', path: '/events/orders/{index}' },
  })
}
