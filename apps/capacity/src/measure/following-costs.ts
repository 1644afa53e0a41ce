import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { createEventServer, type EventServer } from '@millrace/server'
import { openShards } from './open-log.ts'
import { customersOf, event, pageLength, publishMany, shop } from './shop.ts'

const program = fileURLToPath(new URL('tail-process.ts', import.meta.url))

/** What following a log costs a node for each event, in microseconds, and what that node has in memory before. @param environment of the node, which says what it follows */
export async function measureFollowing(
  events: EventServer,
  {
    count,
    last,
    environment,
  }: {
    readonly count: number
    /** Customers of whom the node waits for an event each, one in each shard. */
    readonly last: readonly string[]
    readonly environment: Readonly<Record<string, string>>
  },
): Promise<{ readonly cost: number; readonly nodeBytes: number }> {
  const tail = fork(program, { env: { ...process.env, ...environment } })
  try {
    const said = async () => (await once(tail, 'message'))[0]
    const nodeBytes = Number(await said())
    await publishMany(events, count / 4)
    const counting = said()
    tail.send('count')
    await counting
    const done = said()
    await publishMany(events, count)
    for (const customer of last) await events.publish(shop.orders({ customer }), 'placed', event)
    return { cost: Number(await done) / count, nodeBytes }
  } finally {
    tail.disconnect()
    await once(tail, 'exit')
  }
}

const few = 1
const many = 16
const rounds = 3

/** What each read costs the node that reads, in microseconds: what it takes to follow the same events in more and smaller pieces. */
export async function measureFollowingStep(url: string, count: number): Promise<number> {
  const costOf = async (shards: number) => {
    const log = openShards(url, shards)
    const events = createEventServer({ contract: shop, log })
    try {
      const environment = { LOG_URL: url, LOG_SHARDS: `${shards}` }
      return (await measureFollowing(events, { count, last: customersOf(log, 'last'), environment })).cost
    } finally {
      await events.close()
      await log.close()
    }
  }
  const steps: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const least = await costOf(few)
    steps.push(((await costOf(many)) - least) / ((many - few) / pageLength))
  }
  return Math.max(0, steps.sort((one, other) => one - other)[Math.floor(rounds / 2)] as number)
}
