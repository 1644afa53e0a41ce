import type { EventClient } from '../src/index.ts'
import { state, type TopicState } from '../src/state.ts'
import { shop } from './shop.ts'
import type { State, States } from './states.ts'
import type { VirtualTime } from './virtual-time.ts'
import type { Accuse } from './witness.ts'

/** The address that it follows. */
export const followed = 'carts/1'

/** The state of a topic in a client, and whether it is what it says to be. */
export class StateFollower {
  readonly #state: TopicState<State>
  readonly #client: EventClient
  readonly #states: States
  readonly #accuse: Accuse
  #timers = 0

  /** @param random a number from 0 up to 1 */
  constructor(
    client: EventClient,
    {
      states,
      time,
      accuse,
      random,
    }: {
      readonly states: States
      readonly time: VirtualTime
      readonly accuse: Accuse
      readonly random: () => number
    },
  ) {
    this.#client = client
    this.#states = states
    this.#accuse = accuse
    this.#state = state(
      client,
      shop.carts({ cart: '1' }),
      {
        snapshot: (data: State) => data,
        // A state may have in it already what follows it.
        changed: (known: State, { data: { n } }) => (n > known.n ? { n, total: known.total + n } : known),
      },
      {
        random,
        clock: { now: () => time.now, after: (milliseconds, task) => this.#after(time, milliseconds, task) },
      },
    )
    this.#state.ready.catch(() => {})
  }

  /** Whether it has all there is. */
  get isContent(): boolean {
    const { status, value } = this.#state
    if (status === 'ended' || status === 'failed') return true
    return status === 'live' && value?.n === this.#states.newest(followed).n
  }

  get status(): string {
    return `${this.#state.status}, ${JSON.stringify(this.#state.value)}, ${this.#state.error}`
  }

  /** Looks at it whenever nothing more happens without time going by. */
  inspect(): void {
    const { status, value } = this.#state
    if (status !== 'live') return
    if (!this.#states.was(followed, value))
      this.#accuse(`a live state of ${JSON.stringify(value)}, which never was`)
    const { state } = this.#client.status
    if (state === 'waiting' || state === 'paused' || state === 'closed')
      this.#accuse(`a state is live, and its client is ${state}`)
  }

  close(): void {
    this.#state.close()
    if (this.#timers > 0) this.#accuse('a state that was closed waits for something')
  }

  #after(time: VirtualTime, milliseconds: number, task: () => void): () => void {
    this.#timers += 1
    let isSet = true
    const end = () => {
      if (isSet) this.#timers -= 1
      isSet = false
    }
    const cancel = time.after(milliseconds, 'client', () => {
      end()
      task()
    })
    return () => {
      end()
      cancel()
    }
  }
}
