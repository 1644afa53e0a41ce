import { memoryLog } from '@millrace/log'
import { createEventServer } from '@millrace/server'
import * as fc from 'fast-check'
import { expect, it, onTestFinished } from 'vitest'
import { eventually } from '../client-harness.fixture.ts'
import { createEventClient } from '../index.ts'
import { cart, shop } from '../shop.fixture.ts'
import { state } from '../state.ts'
import { System } from '../system.fixture.ts'

const since = new Date('2026-11-20T12:00:00.000Z')

/** A server whose cart's total is that of the last event, and what may befall it. */
async function serveCart() {
  const log = memoryLog()
  let total = 0
  let fails = false
  const system = await System.start(() => {
    const events = createEventServer({ contract: shop, log, retry: 20, onError: () => {} })
    events.snapshot(shop.carts, () => {
      if (fails) throw new RangeError('no state now')
      return { total, since }
    })
    return events
  })
  onTestFinished(() => system.stop())
  const add = async (count: number) => {
    for (let each = 0; each < count; each += 1) {
      // As soon as it can be read it is in the state.
      total += 1
      await system.events.publish(cart, 'added', total)
    }
  }
  return {
    system,
    log,
    add,
    total: () => total,
    fail(value: boolean) {
      fails = value
    },
  }
}

/** Follows the cart of a server. A total that is behind one that was seen before shows. */
function follow(url: string, handed?: Awaited<ReturnType<System['events']['state']>>) {
  const client = createEventClient({ url, backoff: { base: 10, floor: 5, cap: 40 }, onError: () => {} })
  onTestFinished(() => client.close())
  const snapshots: number[] = []
  const followed = state(
    client,
    cart,
    {
      snapshot: ({ total, since }) => {
        snapshots.push(total)
        return { total, since }
      },
      added: (state, { data }) => ({ ...state, total: Math.max(state.total, data) }),
    },
    { random: () => 0, ...(handed && { initial: handed as never }) },
  )
  return { followed, snapshots }
}

it('whatever befalls the link, the log and the server, it comes to the truth, and is live only then', async () => {
  const steps = fc.array(
    fc.constantFrom('add', 'add', 'add', 'cut', 'restart', 'trim', 'fail', 'heal', 'wait'),
    {
      minLength: 30,
      maxLength: 40,
      size: 'max',
    },
  )
  const [plan = []] = fc.sample(steps, { numRuns: 1, seed: 5 })
  const { system, log, add, total, fail } = await serveCart()
  const { followed } = follow(system.url)
  let quiet = 0
  const stale: unknown[] = []
  followed.subscribe(() => {
    const { status, value } = followed.view
    // What was there before anything was disturbed the last time.
    if (status === 'live' && (value?.total ?? -1) < quiet) stale.push(followed.view)
  })
  for (const step of plan) {
    if (step === 'add') await add(3)
    else if (step === 'cut') {
      // Whoever is live after that has opened a stream since.
      await eventually(() => expect(followed.status).not.toBe('ended'))
      system.cut()
      await eventually(() => expect(followed.status).not.toBe('live'))
      quiet = total()
    } else if (step === 'restart') await system.restart()
    else if (step === 'trim') log.trim((await log.bounds()).head)
    else if (step === 'wait') await new Promise((resolve) => setTimeout(resolve, 30))
    else fail(step === 'fail')
  }
  fail(false)
  await eventually(() => expect(followed.view).toMatchObject({ value: { total: total() }, status: 'live' }))
  await add(2)
  await eventually(() => expect(followed.value?.total).toBe(total()))
  expect(stale).toEqual([])
})

it('a page and its stream meet without a gap, and the state is not told twice', async () => {
  const { system, add, total } = await serveCart()
  await add(4)
  const rendered = JSON.parse(JSON.stringify(await system.events.state(cart)))
  await add(3)
  const { followed, snapshots } = follow(system.url, rendered)
  // By the contract's codec, from JSON.
  expect(followed.view).toMatchObject({ value: { total: 4, since }, status: 'loading' })
  await followed.ready
  expect(followed.value?.total).toBe(total())
  expect(snapshots).toEqual([4])
})

it('a page whose place is not to be had any more is told the state anew', async () => {
  const { system, log, add, total } = await serveCart()
  await add(2)
  const rendered = JSON.parse(JSON.stringify(await system.events.state(cart)))
  await add(3)
  log.trim((await log.bounds()).head)
  const { followed, snapshots } = follow(system.url, rendered)
  await followed.ready
  expect(followed.value?.total).toBe(total())
  expect(snapshots).toEqual([2, 5])
  // One of yesterday, which the contract cannot read.
  const other = follow(system.url, { ...rendered, wire: 'what is this' })
  expect(other.followed.view).toMatchObject({ value: undefined, status: 'loading' })
  await other.followed.ready
  expect(other.snapshots).toEqual([5])
})
