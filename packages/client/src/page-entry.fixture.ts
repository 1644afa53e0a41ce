import { createEventClient, type EventClient, type EventClientOptions } from './index.ts'
import { lineOf } from './system/lines.fixture.ts'

/** What a test calls in a page, or in a worker. */
export interface PageLab {
  client: EventClient
  /** Follows a line from its beginning. */
  begin(url: string, options?: Pick<EventClientOptions, 'whenHidden'>): void
  /** The numbers that have come, in the order of their coming, and the names of whatever else has. */
  readonly seen: (number | string)[]
  /** Each `pageshow`: whether the page was brought back. */
  readonly shown: (boolean | undefined)[]
  readonly states: string[]
}

const lab: Omit<PageLab, 'client'> & Partial<PageLab> = {
  seen: [],
  shown: [],
  states: [],
  begin(url, options) {
    const client = createEventClient({ url, backoff: { base: 50, cap: 200 }, onError() {}, ...options })
    client.onStatus(({ state }) => lab.states.push(state))
    client.subscribe(lineOf('a'), ({ name, data }) => lab.seen.push(name === 'said' ? data.number : name), {
      from: 'earliest',
    })
    lab.client = client
  },
}
addEventListener('pageshow', ({ persisted }) => lab.shown.push(persisted))
Object.assign(globalThis, { pageLab: lab })
