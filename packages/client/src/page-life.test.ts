import { setImmediate as turn } from 'node:timers/promises'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Seen, untilState, useHarness } from './client-harness.fixture.ts'
import { FakePage, restorePages } from './page.fixture.ts'
import { order } from './shop.fixture.ts'

const harness = useHarness()
restorePages()

const turns = async (count = 10) => {
  for (let passed = 0; passed < count; passed++) await turn()
}

describe('client.reconnect()', () => {
  it('ends the wait for the next attempt, and begins the back-off anew', async () => {
    const { server, clock, createClient } = harness
    const client = createClient()
    client.subscribe(order)
    for (const wait of [500, 1_000, 2_000]) {
      ;(await server.next()).cut()
      const { nextAttemptAt } = await untilState(client, 'waiting')
      expect(nextAttemptAt).toBe(clock.now() + wait)
      if (wait < 2_000) clock.advance(wait)
      if (wait < 2_000) await untilState(client, 'connecting')
    }
    client.reconnect()
    ;(await server.next()).cut()
    const { nextAttemptAt } = await untilState(client, 'waiting')
    expect(nextAttemptAt).toBe(clock.now() + 500)
    expect(clock.pending).toEqual([500])
  })

  it('puts a new stream in the place of the open one, which goes on until then, without loss or repetition', async () => {
    const { server, createClient } = harness
    const client = createClient()
    const seen = new Seen<string>()
    const states: string[] = []
    client.subscribe(order, ({ id }) => seen.push(id))
    const old = (await server.next()).open('k.0').event('k.1')
    await seen.count(1)
    client.onStatus(({ state }) => states.push(state))
    client.reconnect()
    client.reconnect()
    const next = await server.next()
    expect(next.asked.lastEventId).toBe('k.1')
    old.event('k.2')
    await seen.count(2)
    next.open('k.1', { verdict: 'resumed' }).event('k.2').event('k.3')
    await old.closed
    expect(await seen.count(3)).toEqual(['k.1', 'k.2', 'k.3'])
    await turns()
    expect(server.exchanges).toHaveLength(2)
    expect(states).toEqual([])
  })

  it('does nothing while a stream is being opened, without subscriptions, and after the end', async () => {
    const { server, clock, createClient } = harness
    const client = createClient()
    client.reconnect()
    const subscription = client.subscribe(order)
    const stream = await server.next()
    client.reconnect()
    await turns()
    stream.open('k.0')
    await untilState(client, 'open')
    subscription.close()
    await untilState(client, 'idle')
    client.reconnect()
    await client.close()
    client.reconnect()
    await turns()
    expect(server.exchanges).toHaveLength(1)
    expect(clock.pending).toEqual([])
  })

  it('may be called by whoever is told that the client waits', async () => {
    const { server, createClient } = harness
    const client = createClient()
    let called = false
    client.onStatus(({ state }) => {
      if (state !== 'waiting' || called) return
      called = true
      client.reconnect()
    })
    client.subscribe(order)
    ;(await server.next()).cut()
    ;(await server.next()).open('k.0')
    await untilState(client, 'open')
  })
})

describe('a page that was offline', () => {
  it('has a new stream as soon as it is online, after a random time, while the old one is kept', async () => {
    const page = FakePage.use()
    const { server, clock, createClient } = harness
    const client = createClient()
    client.subscribe(order)
    const old = (await server.next()).open('k.0')
    await clock.timer(37_500)
    page.goOffline()
    await turns()
    expect(old.gone).toBe(false)
    page.goOnline()
    page.goOnline()
    // Half of the 2,000 that the server proposed.
    expect(clock.pending).toEqual([1_000, 37_500])
    clock.advance(1_000)
    const next = await server.next()
    expect(old.gone).toBe(false)
    next.open('k.0', { verdict: 'resumed' })
    await old.closed
    expect(server.exchanges).toHaveLength(2)
  })

  it('is not tried again before, but once a minute', async () => {
    const page = FakePage.use()
    const { server, clock, createClient } = harness
    const client = createClient()
    client.subscribe(order)
    ;(await server.next()).cut()
    await untilState(client, 'waiting')
    page.goOffline()
    clock.advance(500)
    ;(await server.next()).cut()
    const { nextAttemptAt } = await untilState(client, 'waiting')
    expect(nextAttemptAt).toBe(clock.now() + 60_000 + 1_000)
    page.goOnline()
    clock.advance(500)
    ;(await server.next()).open('k.0')
    await untilState(client, 'open')
    // The one that was due is not made, nor is the one of the network.
    await clock.timer(37_500)
    expect(clock.pending).toEqual([37_500])
  })

  it('is content with an attempt that is made meanwhile', async () => {
    const page = FakePage.use()
    const { server, clock, createClient } = harness
    const client = createClient()
    client.subscribe(order)
    ;(await server.next()).cut()
    await untilState(client, 'waiting')
    clock.advance(300)
    page.goOnline()
    clock.advance(200)
    ;(await server.next()).open('k.0')
    await clock.timer(37_500)
    expect(clock.pending).toEqual([37_500])
  })

  it('leaves a server alone that asked for it', async () => {
    const page = FakePage.use()
    const { server, clock, createClient } = harness
    const client = createClient()
    client.subscribe(order)
    ;(await server.next()).answer(503, { 'retry-after': '40' })
    await untilState(client, 'waiting')
    page.goOnline()
    page.hide(true)
    page.hide(false)
    clock.advance(40_000)
    await turns()
    expect(server.exchanges).toHaveLength(1)
    clock.advance(500)
    await server.next()
  })
})

describe('a page that is looked at again', () => {
  it('does not wait any longer', async () => {
    const page = FakePage.use()
    const { server, createClient } = harness
    const client = createClient()
    client.subscribe(order)
    ;(await server.next()).cut()
    await untilState(client, 'waiting')
    page.hide(true)
    await turns()
    expect(server.exchanges).toHaveLength(1)
    page.hide(false)
    ;(await server.next()).open('k.0')
    await untilState(client, 'open')
  })

  it('keeps the stream that it has, which went on meanwhile', async () => {
    const page = FakePage.use()
    const { server, createClient } = harness
    const client = createClient()
    const seen = new Seen<string>()
    client.subscribe(order, ({ id }) => seen.push(id))
    const stream = (await server.next()).open('k.0')
    page.hide(true)
    stream.event('k.1')
    await seen.count(1)
    page.hide(false)
    await turns()
    expect(server.exchanges).toHaveLength(1)
  })
})

describe('a page that is put aside by a navigation', () => {
  it('has no stream, and goes on where it was when it is back', async () => {
    const page = FakePage.use()
    const { server, clock, createClient } = harness
    const client = createClient()
    const seen = new Seen<string>()
    client.subscribe(order, ({ id }) => seen.push(id))
    const stream = (await server.next()).open('k.0').event('k.1')
    await seen.count(1)
    page.putAside()
    await stream.closed
    await untilState(client, 'paused')
    expect(clock.pending).toEqual([])
    page.bringBack()
    const next = await server.next()
    expect(next.asked.lastEventId).toBe('k.1')
    next.open('k.1', { verdict: 'resumed' }).event('k.2')
    expect(await seen.count(2)).toEqual(['k.1', 'k.2'])
  })

  it('while a stream is being opened has that one no longer', async () => {
    const page = FakePage.use()
    const { server, createClient } = harness
    const client = createClient()
    client.subscribe(order)
    const stream = await server.next()
    page.putAside()
    await stream.closed
    await untilState(client, 'paused')
    page.bringBack()
    await server.next()
  })

  it('for good has no stream either, for a browser may leave it open', async () => {
    const page = FakePage.use()
    const { server, createClient } = harness
    const client = createClient()
    client.subscribe(order)
    const stream = (await server.next()).open('k.0')
    await untilState(client, 'open')
    page.tell('pagehide', false)
    page.hide(true)
    await stream.closed
    expect(client.status.state).toBe('paused')
  })
})

describe('whenHidden: pause', () => {
  it('closes the stream of a hidden page, and resumes it when somebody looks', async () => {
    const page = FakePage.use()
    const { server, clock, createClient } = harness
    const client = createClient({ whenHidden: 'pause' })
    const seen = new Seen<string>()
    client.subscribe(order, ({ id }) => seen.push(id))
    const stream = (await server.next()).open('k.0').event('k.1')
    await seen.count(1)
    page.hide(true)
    await stream.closed
    await untilState(client, 'paused')
    client.subscribe('orders/7', ({ id }) => seen.push(id))
    client.reconnect()
    page.goOnline()
    clock.advance(100_000)
    await turns()
    expect(server.exchanges).toHaveLength(1)
    page.hide(false)
    const next = await server.next()
    expect(next.topics).toEqual(['orders/42', 'orders/7;from=now'])
    next.open('k.1', { verdict: 'resumed', now: 'k.1' }).event('k.2')
    expect(await seen.count(2)).toEqual(['k.1', 'k.2'])
  })

  it('waits for the handler that is at work, and delivers nothing to a hidden page after it', async () => {
    const page = FakePage.use()
    const { server, createClient } = harness
    const client = createClient({ whenHidden: 'pause' })
    const gate = Promise.withResolvers<void>()
    const seen = new Seen<string>()
    client.subscribe(order, async ({ id }) => {
      seen.push(id)
      await gate.promise
    })
    const stream = (await server.next()).open('k.0').event('k.1').event('k.2')
    await seen.count(1)
    page.hide(true)
    await stream.closed
    gate.resolve()
    await untilState(client, 'paused')
    page.hide(false)
    const next = await server.next()
    expect(next.asked.lastEventId).toBe('k.1')
    next.open('k.1', { verdict: 'resumed' }).event('k.2')
    expect(await seen.count(2)).toEqual(['k.1', 'k.2'])
  })

  it('forgets nothing of a stream that went on while its successor was refused', async () => {
    const page = FakePage.use()
    const { server, clock, createClient } = harness
    const client = createClient({ whenHidden: 'pause' })
    const seen = new Seen<string>()
    client.subscribe(order, ({ id }) => seen.push(id))
    const stream = (await server.next()).open('k.0').event('k.1')
    await seen.count(1)
    client.subscribe('orders/7', () => {})
    ;(await server.next()).answer(503)
    await clock.timer(1_000)
    stream.event('k.2')
    await seen.count(2)
    page.hide(true)
    await stream.closed
    clock.advance(1_000)
    await untilState(client, 'paused')
    page.hide(false)
    expect((await server.next()).asked.lastEventId).toBe('k.2')
  })

  it('opens none for a page that is hidden from the beginning, and does not hold up its end', async () => {
    const page = FakePage.use()
    page.document.hidden = true
    const { server, createClient } = harness
    const client = createClient({ whenHidden: 'pause' })
    const subscription = client.subscribe(order)
    await untilState(client, 'paused')
    subscription.close()
    await untilState(client, 'idle')
    client.subscribe(order)
    await untilState(client, 'paused')
    await client.close()
    expect(client.status).toEqual({ state: 'closed' })
    expect(server.exchanges).toHaveLength(0)
    expect(page.listening).toEqual([])
  })
})

describe('listeners of the page', () => {
  it('are there while there are subscriptions, and not when the client is idle or closed', async () => {
    const page = FakePage.use()
    const { server, clock, createClient } = harness
    const client = createClient()
    expect(page.listening).toEqual([])
    const subscription = client.subscribe(order)
    ;(await server.next()).open('k.0')
    await untilState(client, 'open')
    expect(page.listening.sort()).toEqual(['online', 'pagehide', 'pageshow', 'visibilitychange'])
    page.goOnline()
    subscription.close()
    await untilState(client, 'idle')
    expect(page.listening).toEqual([])
    expect(clock.pending).toEqual([])
    client.subscribe(order)
    await untilState(client, 'connecting')
    expect(page.listening).toHaveLength(4)
    await client.close()
    expect(page.listening).toEqual([])
  })
})

describe('storms of all of it', () => {
  type Step =
    | 'reconnect'
    | 'online'
    | 'offline'
    | 'hide'
    | 'show'
    | 'aside'
    | 'back'
    | 'turn'
    | 'microtask'
    | 'answer'
    | 'refuse'
    | 'event'
    | 'cut'
    | 'time'
    | 'subscribe'
    | 'unsubscribe'
    | 'release'

  it.each(['keep', 'pause'] as const)(
    'never have more than the stream and its successor, and come to rest (%s)',
    async (whenHidden) => {
      const steps = fc.array(
        fc.constantFrom<Step>(
          'reconnect',
          'online',
          'offline',
          'hide',
          'show',
          'aside',
          'back',
          'turn',
          'turn',
          'microtask',
          'microtask',
          'answer',
          'answer',
          'refuse',
          'event',
          'event',
          'cut',
          'time',
          'subscribe',
          'unsubscribe',
          'release',
        ),
        { maxLength: 60 },
      )
      await fc.assert(
        fc.asyncProperty(steps, async (script) => {
          const page = FakePage.use()
          const { server, clock, createClient } = harness
          const requests: Request[] = []
          const live = () => requests.filter(({ signal }) => !signal.aborted)
          const client = createClient({
            whenHidden,
            fetch: (request) => {
              requests.push(request)
              return fetch(request)
            },
          })
          const before = server.exchanges.length
          let offset = 0
          const seen: number[] = []
          let release: (() => void) | undefined
          // Slow now and then, so that much happens while a handler is at work.
          const handler = (number: number) => async (event: { id: string }) => {
            if (number === 0) seen.push(Number(event.id.split('.')[1]))
            if (seen.length % 3 === 0)
              await new Promise<void>((resolve) => {
                release = resolve
              })
          }
          client.subscribe('orders/0', handler(0), { from: 'k.0' })
          const others: { close(): void }[] = []
          const answer = (exchange: (typeof server.exchanges)[number]) => {
            const own = exchange.asked.topics[0]?.from ?? exchange.asked.lastEventId ?? `k.${offset}`
            const lowest = own === 'now' ? offset : Number(own.split('.')[1])
            exchange.open(`k.${lowest}`, { verdict: 'resumed', now: `k.${offset}` })
            for (let next = lowest + 1; next <= offset; next++) exchange.event(`k.${next}`, 'orders/0')
          }
          const step = async (each: Step, index: number) => {
            const open = server.exchanges.slice(before).filter(({ gone }) => !gone)
            const last = open.at(-1)
            const begun = last?.response.headersSent
            if (each === 'reconnect') client.reconnect()
            else if (each === 'online') page.goOnline()
            else if (each === 'offline') page.goOffline()
            else if (each === 'hide') page.hide(true)
            else if (each === 'show') page.hide(false)
            else if (each === 'aside') page.putAside()
            else if (each === 'back') page.bringBack()
            else if (each === 'turn') await turns(3)
            else if (each === 'microtask') await null
            else if (each === 'time') clock.advance(40_000)
            else if (each === 'release') release?.()
            else if (each === 'subscribe') others.push(client.subscribe(`orders/${index + 1}`, handler(1)))
            else if (each === 'unsubscribe') others.shift()?.close()
            else if (each === 'answer' && last && begun === false) answer(last)
            else if (each === 'refuse' && begun === false) last?.answer(503)
            else if (each === 'event') {
              offset++
              for (const exchange of open)
                if (exchange.response.headersSent) exchange.event(`k.${offset}`, 'orders/0')
            } else if (each === 'cut') last?.cut()
          }
          for (const [index, each] of script.entries()) {
            await step(each, index)
            expect(live().length).toBeLessThanOrEqual(2)
          }
          // Then everything is well, and one stream remains.
          page.bringBack()
          page.goOnline()
          for (let round = 0; seen.at(-1) !== offset && offset > 0 && round < 200; round++) {
            for (const exchange of server.exchanges.slice(before))
              if (!exchange.gone && !exchange.response.headersSent) answer(exchange)
            release?.()
            await turns(3)
            if (client.status.state === 'waiting') clock.advance(400_000)
          }
          expect(seen).toEqual(Array.from({ length: offset }, (_, index) => index + 1))
          expect(live().length).toBeLessThanOrEqual(2)
          await client.close()
          release?.()
          expect(live()).toEqual([])
          expect(clock.pending).toEqual([])
          expect(page.listening).toEqual([])
          expect(client.status).toEqual({ state: 'closed' })
        }),
        { numRuns: 150 },
      )
    },
  )
})
