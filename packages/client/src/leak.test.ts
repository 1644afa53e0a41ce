import { setImmediate as turn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { memoryLog } from '@millrace/log'
import { createEventServer } from '@millrace/server'
import { expect, it } from 'vitest'
import { FakeClock } from './fake-clock.fixture.ts'
import { createEventClient } from './index.ts'
import { lineOf, numbers } from './system/lines.fixture.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

it('a thousand streams that come and go leave nothing behind, at either end', async () => {
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
  // In a function of its own, so that nothing of it stays on the stack.
  async function comeAndGo(again: number): Promise<void> {
    const controller = new AbortController()
    const { signal } = controller
    const handler = () => {}
    const subscription = client.subscribe(lineOf(`${again % 5}`), handler, { signal })
    await subscription.ready
    if (again % 2 === 0) controller.abort()
    else subscription.close()
    left.push(new WeakRef(controller), new WeakRef(handler), new WeakRef(subscription))
  }
  const rounds = 1_000
  for (let again = 0; again < rounds; again++) await comeAndGo(again)
  expect(left).toHaveLength(6 * rounds)
  const kept = () => left.filter((reference) => reference.deref() !== undefined).length
  for (let collections = 0; collections < 20 && kept() > 0; collections++) {
    await turn()
    collectGarbage()
  }
  expect(kept()).toBe(0)
  expect([events.stats().connections, clock.pending, client.status]).toEqual([0, [], { state: 'idle' }])
  await client.close()
  await events.close({ drain: 0 })
})
