import type { StreamConfig, StreamInfo } from '@nats-io/jetstream'
import { prefixOf } from './subject.ts'

/** What is known of a stream at one moment. */
export interface State {
  /** What the subjects of its records begin with. */
  readonly prefix: string
  readonly epoch: string
  /** Offset of the oldest record after which none is missing. */
  readonly first: number
  readonly head: number
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

/** @param word The one that its subjects have. */
export function stateOf({ config, state }: StreamInfo, word: string): State {
  const { epoch, last } = noteOf(config.description)
  const head = state.last_seq
  // What was deleted from the middle leaves a hole: all before it can be no part of a history without one.
  const hole = (state.deleted ?? []).reduce((highest, offset) => Math.max(highest, offset), 0)
  return {
    prefix: prefixOf(config.name, word),
    epoch: epoch ?? word,
    first: state.messages === 0 ? head + 1 : Math.max(state.first_seq, hole + 1),
    head,
    last,
    averageSize: Math.max(1, Math.ceil(state.bytes / Math.max(1, state.messages))),
    config,
  }
}
