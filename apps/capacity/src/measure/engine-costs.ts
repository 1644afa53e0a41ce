import { createEventServer } from '@millrace/server'
import type { EngineCosts } from '../measured.ts'
import { measureFollowing } from './following-costs.ts'
import { openLog } from './open-log.ts'
import { ownTime } from './processor-time.ts'
import { customersOf, event, pageLength, publishMany, shop, topicOf } from './shop.ts'

/** An engine that is measured. */
export interface MeasuredEngine {
  readonly url: string
  /** Processor time that it has used, in microseconds. */
  time(): Promise<number>
  /** What the log takes, in bytes. */
  bytes(): Promise<number>
}

/** @param count how many events each part takes @param alone how many appends and reads of one record */
export async function measureEngine(
  engine: MeasuredEngine,
  { count, alone }: { readonly count: number; readonly alone: number },
): Promise<EngineCosts> {
  const log = openLog(engine.url)
  const events = createEventServer({ contract: shop, log })
  const publish = (number: number) => publishMany(events, number)
  const window = async (number: number, work: () => Promise<unknown>) => {
    const [own, its, begun] = [ownTime(), await engine.time(), performance.now()]
    await work()
    const seconds = (performance.now() - begun) / 1_000
    return {
      own: (ownTime() - own) / number,
      its: ((await engine.time()) - its) / number,
      rate: number / seconds,
    }
  }

  await publish(count / 4)
  const bytes = await engine.bytes()
  const gathered = await window(count, () => publish(count))
  const bytesARecord = ((await engine.bytes()) - bytes) / count
  const single = await window(alone, async () => {
    for (let number = 0; number < alone; number += 1) await events.publish(topicOf(number), 'placed', event)
  })

  const { first, head } = await log.bounds()
  const readAll = async () => {
    for (let after = first - 1; after < head; ) {
      const page = await log.read(after, pageLength)
      after = page.records.at(-1)?.offset ?? head
    }
  }
  await readAll()
  const pages = await window(head - first + 1, readAll)
  const reads = await window(alone, async () => {
    for (let number = 0; number < alone; number += 1) await log.read(head - 1, 1)
  })

  try {
    const following = await measureFollowing(events, {
      count,
      last: customersOf(log, 'last'),
      environment: { LOG_URL: engine.url },
    })
    return {
      appendsPerSecond: { gathered: gathered.rate, alone: single.rate },
      readsPerSecond: { pages: pages.rate, alone: reads.rate },
      // Two costs, of a step and of a record, of two measurements: a thousand records a step, and one.
      append: costs(single.its, gathered.its),
      read: costs(reads.its, pages.its),
      publishing: costs(single.own, gathered.own),
      tailing: following.cost,
      bytesARecord,
      nodeBytes: following.nodeBytes,
    }
  } finally {
    await events.close()
    await log.close()
  }
}

function costs(alone: number, gathered: number): { readonly step: number; readonly record: number } {
  const step = Math.max(0, (alone - gathered) / (1 - 1 / pageLength))
  return { step, record: Math.max(0, alone - step) }
}
