import type { StreamConfig, StreamInfo } from '@nats-io/jetstream'

/** What is known of a stream at one moment. */
export interface State {
  /** Which stream of this name it is: another one after it was deleted and made anew. */
  readonly life: string
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

/** What a log writes into the description of its stream, the only thing of it that is not cut off with old messages. */
export interface Note {
  /** What makes a new epoch of the same stream. */
  readonly renewed: string | undefined
  /** Offset and tag of the newest record. */
  readonly last: { readonly offset: number; readonly tag: string } | undefined
}

const notes = /\s*\[millrace(?: renewed=([0-9a-z]+))?(?: last=(\d+)\.([0-9a-z]+))?\]/

export function noteOf(description = ''): Note {
  const [, renewed, offset, tag] = notes.exec(description) ?? []
  return { renewed, last: tag === undefined ? undefined : { offset: Number(offset), tag } }
}

/** A description with another note, and with whatever else an operator wrote there. */
export function describe(description: string | undefined, { renewed, last }: Note): string {
  const note = `[millrace${renewed ? ` renewed=${renewed}` : ''}${last ? ` last=${last.offset}.${last.tag}` : ''}]`
  return `${(description ?? '').replace(notes, '')} ${note}`.trim()
}

export function stateOf({ config, created, state }: StreamInfo): State {
  const life = lifeOf(created)
  const { renewed = '', last } = noteOf(config.description)
  const head = state.last_seq
  // What was deleted from the middle leaves a hole: all before it can be no part of a history without one.
  const hole = (state.deleted ?? []).reduce((highest, offset) => Math.max(highest, offset), 0)
  return {
    life,
    epoch: life + renewed,
    first: state.messages === 0 ? head + 1 : Math.max(state.first_seq, hole + 1),
    head,
    last,
    averageSize: Math.max(1, Math.ceil(state.bytes / Math.max(1, state.messages))),
    config,
  }
}

// To the nanosecond: a stream that is deleted and made again at once is another one.
function lifeOf(created: string): string {
  const [, fraction = ''] = /\.(\d+)/.exec(created) ?? []
  const seconds = Date.parse(created.replace(/\.\d+/, '')) / 1_000
  return (BigInt(seconds) * 1_000_000_000n + BigInt(fraction.padEnd(9, '0'))).toString(36)
}
