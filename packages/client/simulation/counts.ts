/** How much happened. */
export interface Counts {
  requests: number
  events: number
  resets: number
  handOvers: number
  steps: number
}

export const noCounts = (): Counts => ({ requests: 0, events: 0, resets: 0, handOvers: 0, steps: 0 })
