import { nextTurn } from '../next-turn.ts'

/** What becomes of a wake. */
export type WakeFate = (look: () => void) => void

const soon: WakeFate = (look) => queueMicrotask(look)

const after = (turns: number, look: () => void): void => {
  nextTurn(turns > 1 ? () => after(turns - 1, look) : look)
}

/** Stands between a log and its tails, and lets their wakes through unless it is told otherwise. */
export class WakeValve {
  #fate: WakeFate = soon

  readonly wake: WakeFate = (look) => this.#fate(look)

  /** From now on a wake has this fate; `undefined` for none other than it would have. */
  turn(fate: WakeFate | undefined): void {
    this.#fate = fate ?? soon
  }
}

/** What a hostile scheduler does, by name. Each call makes one with a memory of its own. */
export const hostileFates: Readonly<Record<string, () => WakeFate>> = {
  'wakes are dropped': () => () => {},
  'wakes are doubled': () => (look) => {
    soon(look)
    soon(look)
    after(1, look)
  },
  'wakes come in storms': () => (look) => {
    for (let count = 0; count < 20; count += 1) soon(look)
  },
  'wakes are delayed': () => (look) => after(3, look),
  'wakes come in the wrong order': () => {
    let held: (() => void)[] = []
    return (look) => {
      held.push(look)
      if (held.length < 3) return
      for (const one of held.reverse()) soon(one)
      held = []
    }
  },
  'all wakes come at the end of the trouble, or never': () => {
    let count = 0
    return (look) => {
      count += 1
      if (count % 2 === 0) after(30, look)
    }
  },
  'wakes are dropped, doubled, delayed and swapped in turn': () => {
    let count = 0
    return (look) => {
      count += 1
      if (count % 4 === 1) after(4, look)
      if (count % 4 === 2) after(1, look)
      if (count % 4 === 3) {
        soon(look)
        after(2, look)
      }
    }
  },
}
