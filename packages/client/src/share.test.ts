import { channel, defineContract } from '@millrace/contract'
import { memoryLog } from '@millrace/log'
import { createEventServer, type EventServer } from '@millrace/server'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { untilState } from './client-harness.fixture.ts'
import { type Tab, until, useOrigin } from './share/tabs.fixture.ts'
import { acrossTabs } from './share.ts'

const shop = defineContract({
  name: 'shop',
  version: '1.0.0',
  channels: {
    orders: channel('orders/{orderId}', {
      params: { orderId: z.string() },
      events: { placed: z.object({ total: z.int() }), noted: z.string() },
    }),
    stock: channel('stock/{item}', { events: { counted: z.int() } }),
  },
})
const order = shop.orders({ orderId: '42' })

const origin = useOrigin()
const stock = shop.stock({ item: '7' })
const ofTheGroup = (name: string) => /^millrace\/\w+$/.test(name)

describe('with a server', () => {
  let events: EventServer
  let requests: number
  let total: number
  const fetch = (request: Request) => {
    requests += 1
    return events.fetch(request)
  }
  const open = (...[options, share]: Parameters<typeof origin.open>) =>
    origin.open({ fetch, ...options }, share)
  const streams = () => events.stats().connections

  beforeEach(() => {
    events = createEventServer({ contract: shop, log: memoryLog(), retry: 1, heartbeat: 60_000 })
    requests = 0
    total = 0
  })
  afterEach(() => events.close({ drain: 0 }))

  async function place(count: number): Promise<void> {
    for (let index = 0; index < count; index += 1) {
      total += 1
      await events.publish(order, 'placed', { total })
    }
  }

  /** What a tab is given of the orders; whatever is no order stands there as its name. */
  function follow({ client }: Tab, from: 'earliest' | 'now' = 'earliest'): (number | string)[] {
    const seen: (number | string)[] = []
    client.subscribe(
      order,
      (event) => {
        seen.push(event.name === 'placed' ? event.data.total : event.name)
      },
      { from },
    )
    return seen
  }

  const all = () => Array.from({ length: total }, (_, index) => index + 1)
  const haveAll = (lists: readonly (readonly unknown[])[]) => () =>
    lists.every(({ length }) => length >= total)

  describe('tabs of one user', () => {
    it('share one stream, and each is given what it asked for', async () => {
      const tabs = [open(), open(), open()] as const
      const seen = [follow(tabs[0]), follow(tabs[1])]
      const counted: number[] = []
      tabs[2].client.subscribe(stock, 'counted', ({ data }) => counted.push(data), { from: 'earliest' })
      await place(3)
      await events.publish(stock, 'counted', 9)
      await until(() => haveAll(seen)() && counted.length === 1)
      expect(seen).toEqual([all(), all()])
      expect(counted).toEqual([9])
      await until(() => tabs.every(({ client }) => client.status.state === 'open') && streams() === 1)
    })

    it('may each begin somewhere else, and subscribe to a topic several times', async () => {
      await place(2)
      const one = open()
      const [early, again] = [follow(one), follow(one)]
      await until(haveAll([early, again]))
      const late = follow(open(), 'now')
      const later = open()
      const limited: number[] = []
      later.client.subscribe(shop.orders(), 'placed', ({ data }) => limited.push(data.total))
      await until(() => later.client.status.state === 'open' && requests >= 2)
      // Whoever begins now has begun when it sees this.
      while (late.length === 0 || limited.length === 0) {
        await place(1)
        await until(haveAll([early, again]))
      }
      await place(1)
      await until(() => late.at(-1) === total && limited.at(-1) === total && haveAll([early, again])())
      expect([early, again]).toEqual([all(), all()])
      expect(late).toEqual(all().slice(-late.length))
      expect(limited).toEqual(all().slice(-limited.length))
    })

    it('ask for nothing that none of them wants any more, however they ended', async () => {
      const [stays, leaves, crashes] = [open(), open(), open()]
      const seen = follow(stays)
      await place(1)
      await until(haveAll([seen]))
      const topics = () => events.stats().subscriptions
      for (const tab of [leaves, crashes]) tab.client.subscribe(stock, () => {})
      await until(() => topics() === 2 && streams() === 1)
      await leaves.client.close()
      await until(() => topics() === 2 && streams() === 1)
      crashes.crash()
      await until(() => topics() === 1 && streams() === 1)
    })

    it('have no stream when none of them subscribes to anything', async () => {
      const tab = open()
      const subscription = tab.client.subscribe(order, () => {})
      await untilState(tab.client, 'open')
      subscription.close()
      await untilState(tab.client, 'idle')
      await until(() => streams() === 0)
      // It still takes part, for whoever subscribes again at once.
      expect(origin.locks.count(ofTheGroup)).toBe(1)
      await until(() => origin.locks.count(() => true) === 0, tab)
      const seen = follow(tab)
      await place(1)
      await until(haveAll([seen]))
    })

    it('are nothing to tabs of others: not of another user, nor of other headers or cookies', async () => {
      const tabs = [
        open({}, { identity: 'ann' }),
        open({}, { identity: 'bob' }),
        open({ credentials: 'include' }, { identity: 'ann' }),
        open({ url: 'http://server.test/events?tenant=2' }, { identity: 'ann' }),
      ]
      const { identity: _, ...unnamed } = { identity: undefined }
      const nameless = (headers: Record<string, string>) =>
        origin.open({ fetch, headers }, { ...unnamed, identity: undefined as never })
      tabs.push(nameless({ 'x-token': 'a' }), nameless({ 'x-token': 'b' }))
      const seen = tabs.map((tab) => follow(tab))
      await place(1)
      await until(haveAll(seen))
      expect(streams()).toBe(6)
      // These are the same as one of them.
      const more = [open({}, { identity: 'bob' }), nameless({ 'X-Token': 'a' })]
      const also = more.map((tab) => follow(tab))
      await until(() => haveAll(also)() && streams() === 6)
    })

    it('must say whose they are where the headers do not', () => {
      expect(() => origin.open({ headers: () => ({}) }, { identity: undefined as never })).toThrow(
        new TypeError(
          'acrossTabs needs an identity where headers is a function: nothing else tells whose stream it is',
        ),
      )
      expect(() => acrossTabs({ patience: 0 })).toThrow(TypeError)
    })
  })

  describe('a tab that does not take what is its own', () => {
    const text = 'x'.repeat(1_000)
    const note = async (count: number) => {
      for (let index = 0; index < count; index += 1) {
        total += 1
        await events.publish(order, 'noted', `${total} ${text}`)
      }
    }
    const listen = ({ client }: Tab): number[] => {
      const seen: number[] = []
      client.subscribe(order, 'noted', ({ data }) => seen.push(Number.parseInt(data, 10)), {
        from: 'earliest',
      })
      return seen
    }

    it('because it is frozen, has a bounded amount on its way, and all of it later', async () => {
      const [leads, other, frozen] = [open(), open(), open()]
      const seen = [listen(leads), listen(other), listen(frozen)]
      await note(1)
      await until(haveAll(seen))
      frozen.freeze()
      await note(4_000)
      // 4 MB are on their way to those who take them.
      await until(haveAll(seen.slice(0, 2)), leads, other)
      expect(frozen.heldCharacters).toBeLessThan(1_000_000)
      expect(frozen.heldCharacters).toBeGreaterThan(400_000)
      expect(seen[2]).toEqual([1])
      const held = frozen.heldCharacters
      await note(100)
      await until(haveAll(seen.slice(0, 2)), leads, other)
      expect(frozen.heldCharacters).toBe(held)
      frozen.thaw()
      await until(haveAll(seen), leads, other, frozen)
      await note(10)
      await until(() => haveAll(seen)() && streams() === 1, leads, other, frozen)
      expect(seen).toEqual([all(), all(), all()])
    })

    it('because its iterator is not read, does not hold the others up, and misses nothing', async () => {
      const [leads, slow] = [open(), open()]
      const iterator = slow.client.subscribe(order, ['noted'], { from: 'earliest' })
      const seen = listen(leads)
      await note(3_000)
      await until(haveAll([seen]), leads, slow)
      expect(seen).toEqual(all())
      const read: number[] = []
      const reading = (async () => {
        for await (const { data } of iterator) if (read.push(Number.parseInt(data, 10)) === total) return
      })()
      await until(haveAll([read]), leads, slow)
      await reading
      expect(read).toEqual(all())
    })
  })

  describe('when the tab that streams', () => {
    /** Tabs of which the first streams for all, each with what it has been given. */
    async function group(count: number): Promise<{ tabs: Tab[]; seen: (number | string)[][] }> {
      const tabs: Tab[] = []
      const seen: (number | string)[][] = []
      for (let index = 0; index < count; index += 1) {
        const tab = open()
        tabs.push(tab)
        seen.push(follow(tab))
        await untilState(tab.client, 'open')
      }
      await until(() => streams() === 1)
      return { tabs, seen }
    }

    it.each(['is closed', 'crashes'])(
      '%s, the next goes on, and every tab has every event once',
      async (how) => {
        const { tabs, seen } = await group(11)
        let publishing = true
        const published = (async () => {
          while (publishing) {
            await place(1)
            await new Promise(setImmediate)
          }
        })()
        for (let round = 0; round < 10; round += 1) {
          const reached = total + 5
          await until(() => seen.slice(round).every(({ length }) => length >= reached))
          if (how === 'crashes') tabs[round]?.crash()
          else void tabs[round]?.client.close()
        }
        publishing = false
        await published
        const left = seen.slice(10)
        await until(haveAll(left))
        expect(left).toEqual([all()])
        for (const list of seen) expect(list).toEqual(all().slice(0, list.length))
        await until(() => streams() === 1)
        // No time has passed.
        expect(tabs[10]?.clock.now()).toBe(tabs[0]?.clock.now())
      },
    )

    it('is frozen, another takes its place in less than a second, and it is one of the others when it is back', async () => {
      const { tabs, seen } = await group(3)
      const [frozen, ...others] = tabs as [Tab, ...Tab[]]
      await place(2)
      await until(haveAll(seen))
      frozen.freeze()
      await place(2)
      const before = others[0]?.clock.now() ?? 0
      await until(haveAll(seen.slice(1)), ...others)
      expect((others[0]?.clock.now() ?? 0) - before).toBeLessThan(1_000)
      await place(1)
      await until(haveAll(seen.slice(1)))
      expect(seen[0]).toEqual([1, 2])
      frozen.thaw()
      await until(haveAll(seen), ...tabs)
      await place(3)
      await until(() => haveAll(seen)() && streams() === 1, ...tabs)
      expect(seen).toEqual([all(), all(), all()])
    })

    it('is frozen before the others came, they find out as well', async () => {
      const { tabs } = await group(1)
      tabs[0]?.freeze()
      const tab = open()
      const seen = follow(tab)
      await place(1)
      await until(haveAll([seen]), tab)
    })

    it.each(['who', 'ask', 'leads', 'entries'])(
      'or another one says what is lost on its way (%s), that is noticed',
      async (kind) => {
        const { tabs, seen } = await group(2)
        const [leader, other] = tabs as [Tab, Tab]
        const late = open()
        for (const tab of [leader, other, late]) {
          let times = 0
          tab.loses = (message) => {
            if (kind in message) times += 1
            return kind in message && times === 1
          }
        }
        seen.push(follow(late))
        await place(1)
        await until(haveAll(seen), ...tabs, late)
        leader.crash()
        await place(1)
        await until(haveAll(seen.slice(1)), other, late)
        expect(seen.slice(1)).toEqual([all(), all()])
      },
    )

    it('never hears what a tab wants from now on, the tab says it again', async () => {
      const { tabs } = await group(2)
      const other = tabs[1] as Tab
      const loseNext = () => {
        let times = 0
        other.loses = (message) => {
          if ('drop' in message) times += 1
          return 'drop' in message && times === 1
        }
        return () => times > 0
      }
      let isReady = false
      const isAsked = loseNext()
      const subscription = other.client.subscribe(stock, () => {})
      const onReady = () => {
        isReady = true
      }
      subscription.ready.then(onReady, onReady)
      await until(isAsked)
      await until(() => isReady, ...tabs)
      loseNext()
      subscription.close()
      await until(() => events.stats().subscriptions === 1 && streams() === 1, ...tabs)
    })

    it('only answers, it stays, however long nothing happens', async () => {
      const { tabs, seen } = await group(2)
      const before = requests
      for (let round = 0; round < 100; round += 1) {
        const turns = 10
        for (const { clock } of tabs) clock.advance(200)
        for (let index = 0; index < turns; index += 1) await new Promise(setImmediate)
      }
      await place(1)
      await until(haveAll(seen))
      expect(requests).toBe(before)
    })

    it('has been hidden for long, the messages of others keep its time', async () => {
      const { tabs, seen } = await group(2)
      const [hidden, seenOne] = tabs as [Tab, Tab]
      await events.close({ drain: 0 })
      await until(() => seenOne.client.status.state === 'waiting')
      events = createEventServer({ contract: shop, log: memoryLog(), retry: 1, heartbeat: 60_000 })
      await place(1)
      // Its timers do not run, the clock goes on all the same.
      Object.assign(hidden.clock, { after: () => () => {} })
      await until(() => seen[1]?.includes(1) === true, seenOne, hidden)
    })
  })
})
