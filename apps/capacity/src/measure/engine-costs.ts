import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { createEventServer } from '@millrace/server'
import type { EngineCosts } from '../measured.ts'
import { openLog } from './open-log.ts'
import { ownTime } from './processor-time.ts'
import { event, shop, topicOf } from './shop.ts'

/** An engine that is measured. */
export interface MeasuredEngine {
  readonly url: string
  /** Processor time that it has used, in microseconds. */
  time(): Promise<number>
  /** What the log takes, in bytes. */
  bytes(): Promise<number>
}

const pageLength = 1_000
const tailProgram = fileURLToPath(new URL('tail-process.ts', import.meta.url))

/** @param count how many events each part takes @param alone how many appends and reads of one record */
export async function measureEngine(
  engine: MeasuredEngine,
  { count, alone }: { readonly count: number; readonly alone: number },
): Promise<EngineCosts> {
  const log = openLog(engine.url)
  const events = createEventServer({ contract: shop, log })
  const publish = async (number: number) => {
    for (let from = 0; from < number; from += pageLength) {
      const batch = Array.from({ length: pageLength }, (_, index) =>
        events.publish(topicOf(from + index), 'placed', event),
      )
      await Promise.all(batch)
    }
  }
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

  const tail = fork(tailProgram, { env: { ...process.env, LOG_URL: engine.url } })
  try {
    const said = async () => (await once(tail, 'message'))[0]
    const nodeBytes = Number(await said())
    await publish(count / 4)
    const counting = said()
    tail.send('count')
    await counting
    const done = said()
    await publish(count)
    await events.publish(shop.orders({ customer: 'last' }), 'placed', event)
    return {
      appendsPerSecond: { gathered: gathered.rate, alone: single.rate },
      readsPerSecond: { pages: pages.rate, alone: reads.rate },
      // Two costs, of a step and of a record, of two measurements: a thousand records a step, and one.
      append: costs(single.its, gathered.its),
      read: costs(reads.its, pages.its),
      publishing: costs(single.own, gathered.own),
      tailing: Number(await done) / count,
      bytesARecord,
      nodeBytes,
    }
  } finally {
    tail.disconnect()
    await once(tail, 'exit')
    await events.close()
    await log.close()
  }
}

function costs(alone: number, gathered: number): { readonly step: number; readonly record: number } {
  const step = Math.max(0, (alone - gathered) / (1 - 1 / pageLength))
  return { step, record: Math.max(0, alone - step) }
}
