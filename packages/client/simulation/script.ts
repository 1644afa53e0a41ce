import { turns } from './audience.ts'
import type { Act, Moment } from './scenario.ts'
import type { VirtualTime } from './virtual-time.ts'

/** Has the acts of a scenario done when it is their time, as long as there are faults. */
export class Script {
  readonly #bound = new Map<string, Act[]>()
  readonly #nth = new Map<Moment, number>()
  readonly #perform: (act: Act) => void
  #over = false

  constructor(acts: readonly Act[], time: VirtualTime, perform: (act: Act) => void) {
    this.#perform = perform
    for (const act of acts) {
      const { when } = act
      if ('at' in when) {
        const owner = isOfServer(act) ? 'server' : 'client'
        time.after(when.at, owner, () => this.#over || perform(act))
      } else {
        const key = `${when.on} ${when.nth}`
        this.#bound.set(key, [...(this.#bound.get(key) ?? []), act])
      }
    }
  }

  end(): void {
    this.#over = true
  }

  /** Something happens that acts may be bound to. */
  happened(moment: Moment): void {
    if (this.#over) return
    const nth = (this.#nth.get(moment) ?? 0) + 1
    this.#nth.set(moment, nth)
    for (const act of this.#bound.get(`${moment} ${nth}`) ?? []) {
      const { turns: count } = act.when as { turns: number }
      if (count === 0) this.#perform(act)
      else void turns(count).then(() => this.#over || this.#perform(act))
    }
  }
}

const clientActs: readonly Act['do'][] = [
  'subscribe',
  'unsubscribe',
  'reconnect',
  'jump',
  'sleep',
  'offline',
  'hide',
  'put aside',
  'storm',
  'close',
  'reload',
  'follow',
]

function isOfServer(act: Act): boolean {
  return !clientActs.includes(act.do)
}
