import type { Position } from '@millrace/protocol'
import type { Random } from './random.ts'
import { hasState } from './shop.ts'
import type { Life } from './truth.ts'
import type { VirtualTime } from './virtual-time.ts'

/** How somebody who is asked for a state may feel. */
export type Mood = 'tells' | 'is slow' | 'fails' | 'knows nothing'

/** What topics have come to. */
export interface State {
  /** The number of the last event. */
  readonly n: number
  /** The sum of all numbers. */
  readonly total: number
}

/** Whoever is asked for states failed as planned. */
export class PlannedFailure extends Error {}

/** The states of topics, as their publisher keeps them: first the state, then the event. */
export class States {
  readonly #history = new Map<string, State[]>()
  readonly #lacking = new Map<string, number[]>()

  /** An event with this number is about to be published. */
  change(address: string, n: number): void {
    if (!hasState(address)) return
    const states = this.#history.get(address) ?? []
    this.#history.set(address, states)
    states.push({ n, total: (states.at(-1)?.total ?? 0) + n })
  }

  /** What a topic has come to by now. */
  newest(address: string): State {
    return this.#history.get(address)?.at(-1) ?? { n: 0, total: 0 }
  }

  /** Of a change there is no event. */
  lack(address: string, n: number): void {
    this.#lacking.set(address, [...(this.#lacking.get(address) ?? []), n])
  }

  /** Whether a topic has ever come to that, for one who follows its events. */
  was(address: string, state: State | undefined): boolean {
    const known = this.#history.get(address)?.find(({ n }) => n === state?.n) ?? { n: 0, total: 0 }
    if (state?.n !== known.n) return false
    const lacking = (this.#lacking.get(address) ?? []).reduce((sum, n) => (n < known.n ? sum + n : sum), 0)
    return state.total <= known.total && state.total >= known.total - lacking
  }

  async tell(address: string, mood: Mood, random: Random, time: VirtualTime): Promise<State | undefined> {
    if (mood === 'is slow') {
      const slowness = random.pick([1, 20, 900, 6_000])
      await new Promise<void>((resolve) => time.after(slowness, 'server', resolve))
    }
    if (mood === 'fails') throw new PlannedFailure('the database is away')
    if (mood === 'knows nothing') return undefined
    return this.newest(address)
  }

  /** What is wrong with a state that is told for a place; `undefined` when nothing is. */
  faultOf(address: string, told: unknown, { offset }: Position, { records }: Life): string | undefined {
    const text = JSON.stringify(told)
    const known = this.#history.get(address) ?? []
    const { n = 0 } = told as Partial<State>
    const truth = n === 0 ? { n: 0, total: 0 } : known.find((state) => state.n === n)
    if (text !== JSON.stringify(truth)) return `${text} was never the state`
    const last = records
      .slice(0, offset)
      .findLast(({ topic, event }) => topic === address && event === 'changed')
    const { n: least = 0 } = (last ? parse(last.data) : undefined) ?? {}
    return n < least ? `${text} is older than event ${least}, behind which it stands` : undefined
  }
}

function parse(data: string): Partial<State> | undefined {
  try {
    return JSON.parse(data) as Partial<State>
  } catch {
    return undefined
  }
}
