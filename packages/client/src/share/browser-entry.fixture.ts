import { createEventClient, type EventClient } from '../index.ts'
import { acrossTabs } from '../share.ts'
import { numbers } from './numbers.fixture.ts'

// What is loaded into the pages.

/** What a test calls in a page. */
export interface TabLab {
  /** Subscribes to all numbers there were and will be. */
  begin(identity: string, url?: string): void
  /** The numbers that have come, and the names of whatever else has. */
  seen(): (number | string)[]
  /** The longest time in which no number came since the last call, in milliseconds. */
  longestPause(): number
  status(): EventClient['status']['state']
  errors(): string[]
  close(): Promise<void>
}

let client: EventClient
const seen: (number | string)[] = []
const errors: string[] = []
let last = 0
let pause = 0

const lab: TabLab = {
  begin(identity, url = '/events') {
    last = performance.now()
    client = createEventClient({
      url,
      share: acrossTabs({ identity }),
      backoff: { base: 50, cap: 200 },
      onError: ({ code, message }) => errors.push(`${code}: ${message}`),
    })
    client.subscribe(
      numbers.said(),
      (event) => {
        seen.push(event.name === 'number' ? event.data.number : event.name)
        const now = performance.now()
        pause = Math.max(pause, now - last)
        last = now
      },
      { from: 'earliest' },
    )
  },
  seen: () => seen,
  longestPause() {
    const longest = Math.max(pause, performance.now() - last)
    pause = 0
    last = performance.now()
    return longest
  },
  status: () => client.status.state,
  errors: () => errors,
  close: () => client.close(),
}
Object.assign(globalThis, { lab })
