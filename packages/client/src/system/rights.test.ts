import { setTimeout as wait } from 'node:timers/promises'
import { memoryLog } from '@millrace/log'
import { expect, it, onTestFinished } from 'vitest'
import { createEventClient } from '../index.ts'
import { lineOf } from './lines.fixture.ts'
import { Sequence } from './sequence.fixture.ts'
import { serveNumbers } from './serve-numbers.fixture.ts'

const lines = ['a', 'b', 'c']

it('a subscriber outlives its tokens, and loses what it may no longer read and nothing else', async () => {
  const allowed = new Set(lines.map((line) => `lines/${line}`))
  const used = new Set<string>()
  const { url, say, events } = await serveNumbers(memoryLog(), {
    authorize({ request }) {
      const token = request.header('authorization') ?? ''
      // Each is good for one stream, and not for long.
      if (token === '' || used.has(token)) return { refuse: 'unauthorized' }
      used.add(token)
      return {
        principal: 'ann',
        allow: ({ address }) => allowed.has(address),
        expires: Date.now() + 100,
      }
    },
  })
  let tokens = 0
  const errors: unknown[] = []
  const client = createEventClient({
    url: url(''),
    headers() {
      tokens += 1
      return { authorization: `token ${tokens}` }
    },
    backoff: { base: 5, floor: 1, cap: 20 },
    onError: (error) => errors.push(error),
  })
  onTestFinished(() => client.close())
  const seen = new Sequence()
  for (const line of lines) {
    const said = (event: { topic: string; data: { number: number }; id: string }) =>
      seen.take(event.topic, event.data.number, event.id)
    client.subscribe(lineOf(line), { said }, { from: 'earliest' })
  }
  const count = { a: 0, b: 0, c: 0 }
  const sayAll = async () => {
    await Promise.all(lines.map((line) => say(line, 1)))
    for (const line of ['a', 'b', 'c'] as const) count[line] += 1
  }
  const until = async (isSo: () => boolean) => {
    while (!isSo()) await wait(5)
  }

  // Several lives of a token, with something published in and between all of them.
  while (events.stats().closed.expired < 4) {
    await sayAll()
    await wait(5)
  }
  await until(() => lines.every((line) => seen.last(`lines/${line}`) === count.a))
  const kept = count.a
  allowed.delete('lines/b')
  allowed.delete('lines/c')
  events.revoke({ principal: 'ann' })
  await until(() => errors.length > 0)
  await sayAll()
  await until(() => seen.last('lines/a') === count.a)
  expect([seen.last('lines/b'), seen.last('lines/c')]).toEqual([kept, kept])
  expect(seen.faults).toEqual([])
  expect(errors).toMatchObject([{ status: 403, problem: { code: 'forbidden' } }])
})
