import { setImmediate as turn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { Connection } from '../connection.ts'
import { FakeClock } from '../fake-clock.fixture.ts'
import type { Subscriber } from '../subscriber.ts'
import type { ToTab } from './messages.ts'
import { TabLink } from './tab-link.ts'

it('says in a new round nothing of what the one before has brought', async () => {
  const said: ToTab[] = []
  const remotes: Subscriber[] = []
  const channel = {
    postMessage: (message: unknown) => said.push(message as ToTab),
    addEventListener() {},
    close() {},
  }
  // Nothing else of it is asked for.
  const connection = {
    add: (remote: Subscriber) => remotes.push(remote),
    remove() {},
  } as unknown as Connection
  const link = new TabLink('term', channel, connection, new FakeClock())
  const ask = [
    {
      number: 1,
      address: 'orders/42',
      names: undefined,
      takesStates: false,
      place: { epoch: 'e', offset: 1 },
    },
  ]
  const begin = (round: number) => link.receive({ term: 'term', round, ask }, { state: 'open' })
  begin(1)
  // The stream is settled just as the tab asks anew, having taken nothing of what came in between.
  for (const remote of remotes) remote.place = { epoch: 'e', offset: 5 }
  begin(2)
  await turn()
  expect(said.flatMap(({ entries = [] }) => entries)).toEqual([])
  for (const remote of remotes) remote.place = { epoch: 'e', offset: 6 }
  await turn()
  expect(said.at(-1)).toMatchObject({ round: 2, entries: [{ kind: 'place', place: { offset: 6 }, to: [1] }] })
})
