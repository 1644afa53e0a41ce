import type { StreamConfig, StreamInfo } from '@nats-io/jetstream'
import { prefixOf } from './subject.ts'

/** What is known of a stream at one moment. */
export interface State {
  /** What the subjects of its records begin with. */
  readonly prefix: string
  readonly epoch: string
  /** Offset of the oldest record after which none is missing, as far as that is known. */
  readonly first: number
  /** Offset of the oldest record of all. */
  readonly oldest: number
  readonly head: number
  /** Whether readers may come to holes behind `first`. */
  readonly hasManyHoles: boolean
  /** Set down before the last record went: its tag, for those who have seen it. */
  readonly last: Note['last']
  /** How many bytes a message has on average, at least 1. */
  readonly averageSize: number
  readonly config: StreamConfig
}

/**
 * What a log writes into the description of its stream, the only thing of it that goes with the stream and not with old messages. The time
 * at which a stream was made would tell one from the next as well, but servers of 2.9 forget it when a stream that was changed is recovered.
 */
export interface Note {
  /** The epoch, where it is another one than the stream began with. */
  readonly epoch: string | undefined
  /** Offset and tag of the newest record. */
  readonly last: { readonly offset: number; readonly tag: string } | undefined
}

const notes = /\s*\[millrace(?: epoch=([0-9a-z]+))?(?: last=(\d+)\.([0-9a-z]+))?\]/

export function noteOf(description = ''): Note {
  const [, epoch, offset, tag] = notes.exec(description) ?? []
  return { epoch, last: tag === undefined ? undefined : { offset: Number(offset), tag } }
}

/** A description with another note, and with whatever else an operator wrote there. */
export function describe(description: string | undefined, { epoch, last }: Note): string {
  const note = `[millrace${epoch ? ` epoch=${epoch}` : ''}${last ? ` last=${last.offset}.${last.tag}` : ''}]`
  return `${(description ?? '').replace(notes, '')} ${note}`.trim()
}

/**
 * @param word The one that its subjects have.
 * @param holes What is missing from its middle: the offset of the newest that is known, 0 where none is.
 */
export function stateOf(
  { config, state }: StreamInfo,
  word: string,
  holes: { readonly newest: number; readonly many: boolean },
): State {
  const { epoch, last } = noteOf(config.description)
  const head = state.last_seq
  const oldest = state.messages === 0 ? head + 1 : state.first_seq
  return {
    prefix: prefixOf(config.name, word),
    epoch: epoch ?? word,
    // All before a hole can be no part of a history without one.
    first: Math.max(oldest, holes.newest + 1),
    oldest,
    head,
    hasManyHoles: holes.many,
    last,
    averageSize: Math.max(1, Math.ceil(state.bytes / Math.max(1, state.messages))),
    config,
  }
}
