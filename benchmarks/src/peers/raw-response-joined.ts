import type { StartPeer } from './peer.ts'
import { startRaw } from './raw.ts'

export const start: StartPeer = (options) => startRaw({ write: 'response', joined: true }, options)
