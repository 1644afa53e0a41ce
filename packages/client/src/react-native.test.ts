import { readFile } from 'node:fs/promises'
import { stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { Seen, untilState, useHarness } from './client-harness.fixture.ts'
import type { createEventClient } from './index.ts'
import { longPolling } from './polling.ts'
import { enterReactNative, expoFetch } from './react-native.fixture.ts'
import { order } from './shop.fixture.ts'
import { streamEvents } from './stream.ts'

const harness = useHarness()
beforeEach(() => {
  enterReactNative()
  return () => vi.unstubAllGlobals()
})

type Options = Parameters<typeof createEventClient>[0]

/** What the guide passes to a client, as it stands there. */
async function guideOptions(): Promise<Options> {
  const guide = await readFile(join(import.meta.dirname, '../../../docs/authentication.md'), 'utf8')
  const section = guide.slice(guide.indexOf('## React Native'))
  const code = /^```tsx\n(.*?)^```$/ms.exec(section)?.[1] ?? ''
  expect(code).toContain(`import { fetch } from 'expo/fetch'`)
  const body = stripTypeScriptTypes(code)
    .replaceAll(/^import .*$/gm, '')
    .replace('https://api.example.com/events', harness.server.url)
  const make = new Function('fetch', 'createEventClient', 'token', `${body}\nreturn client`)
  return make(
    expoFetch,
    (options: Options) => options,
    async () => 'secret',
  )
}

const guideClient = async () => harness.createClient(await guideOptions())

describe('in React Native', () => {
  it('its own `fetch` opens no stream, and says so', async () => {
    const { server, clock, createClient } = harness
    const client = createClient()
    client.subscribe(order, () => {})
    const stream = (await server.next()).open('k.0').event('k.1')
    await clock.timer(10_000)
    clock.advance(10_000)
    const { cause } = await untilState(client, 'waiting')
    expect([cause?.code, cause?.reason, cause?.message]).toEqual([
      'connection',
      'timeout',
      'No stream opened in time',
    ])
    await stream.closed
  })

  it('its own `fetch` polls, and each event comes once', async () => {
    const { server, clock, errors, createClient } = harness
    const client = createClient({ polling: longPolling() })
    const seen = new Seen<string>()
    client.subscribe(order, ({ id }) => seen.push(id))
    for (const wait of [500, 0]) {
      const stream = (await server.next()).open('k.0')
      await clock.timer(10_000)
      clock.advance(10_000)
      await stream.closed
      if (wait > 0) await clock.timer(wait)
      clock.advance(wait)
    }
    const bye = { event: 'millrace.bye', data: '{"reason":"poll","retryable":true}' }
    for (const number of [1, 2, 3]) {
      const poll = await server.next()
      expect(poll.asked).toMatchObject({ poll: true, ...(number > 1 && { lastEventId: `k.${number - 1}` }) })
      poll.open(`k.${number - 1}`).event(`k.${number}`, order.address, 'placed', { total: 1, by: 'ø€😀' })
      poll.frame(bye).end()
      await seen.count(number)
    }
    await server.next()
    expect(seen.items).toEqual(['k.1', 'k.2', 'k.3'])
    expect([client.status, errors]).toEqual([{ state: 'open' }, []])
    await client.close()
    expect(clock.pending).toEqual([])
  })

  it('what the guide says to pass streams, resumes and lets go', async () => {
    const { server, clock } = harness
    const client = await guideClient()
    const seen = new Seen<string>()
    client.subscribe(order, ({ id }) => seen.push(id))
    const stream = (await server.next()).open('k.0').event('k.1')
    expect(stream.request.headers.authorization).toBe('Bearer secret')
    await seen.count(1)
    stream.cut()
    const { nextAttemptAt } = await untilState(client, 'waiting')
    clock.advance((nextAttemptAt ?? 0) - clock.now())
    const next = await server.next()
    expect(next.asked.lastEventId).toBe('k.1')
    next.open('k.1', { verdict: 'resumed' }).event('k.2')
    await seen.count(2)
    await client.close()
    await next.closed
  })

  it('what the guide says to pass takes along what has no room in an address', async () => {
    const { server } = harness
    const client = await guideClient()
    for (let number = 0; number < 300; number++) client.subscribe(`orders/${number}`, () => {})
    const stream = await server.next()
    expect(stream.request.method).toBe('POST')
    expect(stream.topics).toHaveLength(300)
    await client.close()
  })

  it('what the guide says to pass is good for the loop over one topic as well', async () => {
    const { server, clock } = harness
    const events = streamEvents({ ...(await guideOptions()), clock }, order, { from: 'k.0' })
    const first = events.next()
    const stream = (await server.next()).open('k.0').event('k.1')
    expect((await first).value).toMatchObject({ id: 'k.1' })
    await events.return()
    await stream.closed
  })

  it('a refusal says why', async () => {
    const { server, errors } = harness
    const client = await guideClient()
    client.subscribe(order, () => {})
    ;(await server.next()).answer(
      403,
      { 'content-type': 'application/problem+json' },
      JSON.stringify({ type: 'about:blank', status: 403, detail: 'Not yours' }),
    )
    await untilState(client, 'closed')
    expect(errors).toMatchObject([{ code: 'connection', status: 403, problem: { detail: 'Not yours' } }])
  })
})
