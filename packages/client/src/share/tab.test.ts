import { setImmediate as turn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { FakeClock } from '../fake-clock.fixture.ts'
import type { Settings } from '../options.ts'
import type { Entry, ToLeader, ToTab } from './messages.ts'
import { Tab } from './tab.ts'

it('handles nothing of a round that is over, since it comes again', async () => {
  const clock = new FakeClock()
  const said: ToLeader[] = []
  const handled: unknown[] = []
  let finish = () => {}
  let tell: (message: ToTab) => void = () => {}
  const openChannel = (name: string) => ({
    postMessage: (message: unknown) => void (name !== 'group' && said.push(message as ToLeader)),
    addEventListener(_: 'message', listener: (event: { readonly data: unknown }) => void) {
      if (name !== 'group') tell = (data) => listener({ data })
    },
    close() {},
  })
  // Another tab leads, and nobody takes that from it.
  const locks = {
    request: async (name: string, _: object, task: () => unknown) =>
      name === 'group' ? new Promise(() => {}) : task(),
  }
  const tab = new Tab({
    // No more of them is asked for.
    settings: { clock } as unknown as Settings,
    environment: { locks, openChannel },
    name: 'group',
    patience: 600,
    members: new Map(),
    handle(entry) {
      handled.push(entry.kind === 'reset' ? entry.reset.id : entry.kind)
      return new Promise<void>((resolve) => {
        finish = resolve
      })
    },
    status() {},
    lost() {},
    fail() {},
  })
  const place = { epoch: 'f', offset: 0 }
  const reset = (id: string): Entry => ({
    kind: 'reset',
    reset: { name: 'millrace.reset', data: { verdict: 'epoch' }, topic: 'orders/42', id },
    place,
    to: [1],
  })
  tell({ term: 'a', leads: true, round: 0, count: 0 })
  tell({ term: 'a', round: 1, count: 1, entries: [reset('f.0')] })
  // It hears nothing for a while, and then of the same one again, while its handler is at work.
  clock.advance(1_000)
  tell({ term: 'a', leads: true, round: 1, count: 1 })
  tell({ term: 'a', round: 1, count: 2, entries: [reset('g.0')] })
  expect(handled).toEqual(['f.0'])
  finish()
  await turn()
  expect(said.filter(({ round }) => round).map(({ round }) => round)).toEqual([1, 2])
  tell({ term: 'a', round: 2, count: 1, entries: [reset('g.0')] })
  finish()
  await turn()
  expect(handled).toEqual(['f.0', 'g.0'])
  await tab.close()
})
