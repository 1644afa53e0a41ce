import { AckPolicy, DeliverPolicy, type StreamInfo } from '@nats-io/jetstream'
import { nanos } from '@nats-io/transport-node'
import type { Line } from './link.ts'

/** How long what was found is good enough for those who only ask for bounds, in milliseconds. */
const goodFor = 1_000

/** How often one place is asked about while others append. */
const mostTries = 8

/** For how long the server keeps a consumer that only counts, in milliseconds, where its removal gets lost. */
const inactivity = 1_000

/**
 * Where the newest of the records lay that a stream has removed from its middle, as `max_msgs_per_subject` has it do all the time. The server tells how many
 * there are, and would have to name each of what may be millions to tell which. But it counts what it holds from a place on, so the
 * newest hole is found by halving.
 *
 * Nobody's history depends on it: who reads comes to a hole by itself. It says what would become of those who have not read yet.
 */
export class Holes {
  readonly #name: string
  #created = ''
  #newest = 0
  #looked: { readonly deleted: number; readonly first: number; readonly at: number } | undefined

  constructor(name: string) {
    this.#name = name
  }

  /** The newest that is known of a stream; 0 where none is. */
  of({ created, state }: StreamInfo): number {
    // Of a stream that was put back, more may be known than there is.
    return created === this.#created && this.#newest <= state.last_seq ? this.#newest : 0
  }

  /** Somebody has come to one. */
  found(created: string, offset: number): void {
    if (created !== this.#created) this.#looked = undefined
    this.#newest = created === this.#created ? Math.max(this.#newest, offset) : offset
    this.#created = created
  }

  /** Whether there may be others than were found, for those to whom a second does not matter. */
  mayHaveMoved({ created, state }: StreamInfo): boolean {
    const { num_deleted: deleted = 0, first_seq: first } = state
    if (deleted === 0) return false
    const looked = created === this.#created ? this.#looked : undefined
    if (looked === undefined) return true
    return (looked.deleted !== deleted || looked.first !== first) && performance.now() - looked.at > goodFor
  }

  /** Finds the newest. Answers whether it could: what others append meanwhile makes counting hard. */
  async find(line: Line, { created, state }: StreamInfo, ask: () => Promise<StreamInfo>): Promise<boolean> {
    const { num_deleted: deleted = 0, first_seq: first } = state
    let head = state.last_seq
    // There is a hole from `low` on, or nothing held lies before it, and none from `high` on.
    let low = Math.max(first - 1, created === this.#created ? this.#newest : 0)
    let high = head + 1
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2)
      let isWhole: boolean | undefined
      for (let attempt = 0; isWhole === undefined; attempt += 1) {
        if (attempt === mostTries) return false
        const held = await this.#countFrom(line, middle)
        if (held < head + 1 - middle) isWhole = false
        else {
          const now = await ask()
          if (now.created !== created) return false
          head = now.state.last_seq
          if (held === head + 1 - middle) isWhole = true
        }
      }
      if (isWhole) high = middle
      else low = middle
    }
    if (low >= first) this.found(created, low)
    else if (created !== this.#created) this.found(created, 0)
    this.#looked = { deleted, first, at: performance.now() }
    return true
  }

  async #countFrom({ manager, connection }: Line, offset: number): Promise<number> {
    const { name, num_pending: held } = await manager.consumers.add(this.#name, {
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: offset,
      ack_policy: AckPolicy.None,
      mem_storage: true,
      num_replicas: 1,
      inactive_threshold: nanos(inactivity),
    })
    if (!connection.isClosed()) void manager.consumers.delete(this.#name, name).catch(() => {})
    return held
  }
}
