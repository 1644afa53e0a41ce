import type { NewRecord } from '@millrace/log'
import type { Contenders } from './contenders.ts'

/** A way to publish. */
export interface Manner {
  readonly title: string
  readonly callers: number
  /** Events of each call. */
  readonly events: number
  /** Whether it shows how much can be published, and not how long one waits for it. */
  readonly isRate: boolean
}

export const manners = [
  { title: 'one call of one event after the other', callers: 1, events: 1, isRate: false },
  { title: '256 callers, one event a call', callers: 256, events: 1, isRate: true },
  { title: '16 callers, 100 events a call', callers: 16, events: 100, isRate: true },
] as const satisfies readonly Manner[]

/** Events a second. */
export interface Rates {
  readonly own: number[]
  readonly log: number[]
}

/** How long is measured, and before that warmed up, in milliseconds. */
const measured = 800
const warmUp = 300

const text = JSON.stringify({ total: 10, note: 'x'.repeat(170) })

/** Measures both in turn, so many times. */
export async function measurePublishing(
  { own, openLog }: Contenders,
  { callers, events }: Pick<Manner, 'callers' | 'events'>,
  name: string,
  rounds: number,
): Promise<Rates> {
  const log = openLog(name)
  const texts = Array.from({ length: events }, () => text)
  const records = texts.map(
    (data, index): NewRecord => ({
      topic: `orders/${index % 10}`,
      event: 'placed',
      version: 1,
      time: 0,
      data,
    }),
  )
  const rates: Rates = { own: [], log: [] }
  try {
    for (let round = 0; round < rounds; round += 1) {
      rates.own.push(await rateOf(() => own(texts), callers, events))
      rates.log.push(await rateOf(() => log.append(records), callers, events))
    }
  } finally {
    await log.close()
  }
  return rates
}

async function rateOf(call: () => Promise<unknown>, callers: number, events: number): Promise<number> {
  const began = performance.now()
  const from = began + warmUp
  const to = from + measured
  let count = 0
  await Promise.all(
    Array.from({ length: callers }, async () => {
      for (;;) {
        await call()
        const now = performance.now()
        if (now >= to) return
        if (now >= from) count += events
      }
    }),
  )
  return (1_000 * count) / measured
}
