import { parsers } from './parsers/names.ts'
import { type PeerDescription, peers } from './peers/names.ts'
import { readers } from './readers/names.ts'

/** Everything that is measured, by its name: servers, clients and parsers. */
export const candidates = { ...peers, ...readers, ...parsers } satisfies Record<string, PeerDescription>

export type CandidateName = keyof typeof candidates
