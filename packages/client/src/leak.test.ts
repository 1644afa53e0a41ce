import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { memoryLog } from '@millrace/log'
import { createEventServer } from '@millrace/server'
import { toNodeListener } from '@millrace/server/node'
import { expect, it } from 'vitest'
import { eventually } from './client-harness.fixture.ts'
import { collectGarbage } from './collect-garbage.fixture.ts'
import { FakeClock } from './fake-clock.fixture.ts'
import { createEventClient, type EventClient } from './index.ts'
import { lineOf, numbers } from './system/lines.fixture.ts'

/** Subscribes and lets go, and gives what belonged to that. In a function of its own, so that nothing of it stays on the stack. */
async function comeAndGo(client: EventClient, again: number): Promise<WeakRef<object>[]> {
  const controller = new AbortController()
  const { signal } = controller
  const handler = () => {}
  const subscription = client.subscribe(lineOf(`${again % 5}`), handler, { signal })
  await subscription.ready
  if (again % 2 === 0) controller.abort()
  else subscription.close()
  return [new WeakRef(controller), new WeakRef(handler), new WeakRef(subscription)]
}

/** How many of them are there still, once all is collected that nobody holds. */
async function countKept(left: readonly WeakRef<object>[]): Promise<number> {
  const kept = () => left.filter((reference) => reference.deref() !== undefined).length
  for (let collections = 0; collections < 7 && kept() > 0; collections++) await collectGarbage()
  return kept()
}

it('ten thousand streams that come and go leave nothing behind, at either end', async () => {
  const events = createEventServer({ contract: numbers, log: memoryLog() })
  const clock = new FakeClock()
  const left: WeakRef<object>[] = []
  const client = createEventClient({
    url: 'http://server.test/events',
    clock,
    async fetch(request) {
      const response = await events.fetch(request)
      left.push(new WeakRef(request), new WeakRef(response), new WeakRef(request.signal))
      return response
    },
  })
  const rounds = 10_000
  for (let again = 0; again < rounds; again++) left.push(...(await comeAndGo(client, again)))
  expect(left).toHaveLength(6 * rounds)
  expect(await countKept(left)).toBe(0)
  expect([events.stats().connections, clock.pending, client.status]).toEqual([0, [], { state: 'idle' }])
  await client.close()
  await events.close({ drain: 0 })
})

it('streams over sockets that come and go leave nothing behind, at either end', async () => {
  const events = createEventServer({ contract: numbers, log: memoryLog() })
  const left: WeakRef<object>[] = []
  const listener = toNodeListener(events)
  const server = createServer((request, response) => {
    left.push(new WeakRef(request), new WeakRef(response), new WeakRef(request.socket))
    listener(request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const clock = new FakeClock()
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`
  const client = createEventClient({ url, clock })
  const rounds = 500
  for (let again = 0; again < rounds; again++) left.push(...(await comeAndGo(client, again)))
  expect(left).toHaveLength(6 * rounds)
  // Which hears of the last ones a moment later.
  await eventually(() => expect(events.stats().connections).toBe(0))
  // The runtime may hold what was last on a connection.
  const held = 20
  expect(await countKept(left)).toBeLessThan(held)
  expect([clock.pending, client.status]).toEqual([[], { state: 'idle' }])
  await client.close()
  await events.close({ drain: 0 })
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
})
