import { setImmediate as turn } from 'node:timers/promises'
import { channel, defineContract } from '@millrace/contract'
import { type MemoryLog, memoryLog } from '@millrace/log'
import { createEventServer } from '@millrace/server'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import * as z from 'zod'
import { createEventClient } from './index.ts'
import { System } from './system.fixture.ts'

// A publisher keeps a state and publishes what changes it. Whoever folds snapshots and events must come to the same state, whatever
// happens to the log, the servers and the sockets in between, and must never miss a change without being told.

const bank = defineContract({
  name: 'bank',
  version: '1.0.0',
  channels: {
    accounts: channel('accounts/{account}', {
      events: { moved: z.object({ number: z.int(), amount: z.int() }) },
      snapshot: z.object({ number: z.int(), total: z.int() }),
    }),
    // Without a snapshot: its resets are resets.
    rates: channel('rates', { events: { changed: z.object({ number: z.int() }) } }),
  },
})

interface State {
  number: number
  total: number
}

const names = ['a', 'b'] as const
type Account = (typeof names)[number]
type Mood = 'tells' | 'is slow' | 'knows nothing' | 'fails'

/** The side that publishes: first the state, then the event, as the server's documentation has it. */
class Bank {
  readonly accounts: Record<Account, State> = { a: { number: 0, total: 0 }, b: { number: 0, total: 0 } }
  rate = 0
  mood: Mood = 'tells'
  readonly log: MemoryLog = memoryLog()

  readonly makeServer = () => {
    const events = createEventServer({
      contract: bank,
      log: this.log,
      retry: 1,
      heartbeat: 60_000,
      limits: { ringBytes: 1 },
      // What a provider fails with.
      onError: () => {},
    })
    events.snapshot(bank.accounts, async ({ params }) => this.#tell(params.account as Account))
    return events
  }

  async #tell(account: Account): Promise<State | undefined> {
    const { mood } = this
    if (mood === 'fails') throw new Error('the database is away')
    if (mood === 'knows nothing') return undefined
    if (mood === 'is slow') for (let turns = 0; turns < 20; turns += 1) await turn()
    return { ...this.accounts[account] }
  }

  async move(system: System, account: Account, amount: number): Promise<void> {
    const state = this.accounts[account]
    state.number += 1
    state.total += amount
    const { number } = state
    await system.events.publish(bank.accounts({ account }), 'moved', { number, amount })
  }
}

/** One that folds what it is given, and notices what it was not. */
class Reader {
  state: State | undefined
  /** The last change that it knows of; `undefined` when it was told that some may be missing. */
  #last: number | undefined
  // What may come although it is in the state already.
  #held = 0
  readonly faults: string[] = []

  reset(): void {
    this.state = undefined
    this.#last = undefined
  }

  snapshot(state: State): void {
    this.state = { ...state }
    this.#last = state.number
    this.#held = state.number
  }

  event({ number, amount = 0 }: { readonly number: number; readonly amount?: number }): void {
    if (this.#last !== undefined) {
      if (number <= this.#last) {
        if (number > this.#held) this.faults.push(`${number} came twice`)
        return
      }
      if (number !== this.#last + 1) this.faults.push(`${number} came after ${this.#last}`)
    }
    this.#last = number
    if (this.state !== undefined) this.state = { number, total: this.state.total + amount }
  }
}

type Step =
  | { readonly does: 'move'; readonly account: Account; readonly amount: number }
  | { readonly does: 'change' | 'cut' | 'restart' | 'forget' | 'begin anew' | 'rest' | 'join' | 'leave' }
  | { readonly does: 'feel'; readonly mood: Mood }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      does: fc.constant('move' as const),
      account: fc.constantFrom(...names),
      amount: fc.nat(9),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      does: fc.constantFrom(
        'change',
        'cut',
        'cut',
        'restart',
        'forget',
        'begin anew',
        'rest',
        'rest',
        'join',
        'leave',
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      does: fc.constant('feel' as const),
      mood: fc.constantFrom('tells', 'tells', 'is slow', 'knows nothing', 'fails'),
    }),
  },
)

it('whoever folds snapshots and events has the state of the publisher, or was told that it has not', async () => {
  let snapshots = 0
  let resets = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const publisher = new Bank()
      const system = await System.start(publisher.makeServer)
      const client = createEventClient({
        url: system.url,
        backoff: { base: 1, floor: 1, cap: 5 },
        onError: (error) => faults.push(String(error)),
      })
      const faults: string[] = []
      const readers: { readonly account: Account; readonly reader: Reader; readonly close: () => void }[] = []
      // One that takes no states: it must be told of everything that is missing, and of nothing else.
      const plain = names.map((account) => {
        const reader = new Reader()
        client.subscribe(bank.accounts({ account }), ['moved', 'millrace.reset'], (event) => {
          if (event.name === 'moved') reader.event(event.data)
          else reader.reset()
        })
        return reader
      })
      const rates = new Reader()
      client.subscribe(bank.rates(), (event) => {
        if (event.name === 'changed') rates.event(event.data)
        else rates.reset()
      })
      const join = (account: Account) => {
        const reader = new Reader()
        const { close } = client.subscribe(bank.accounts({ account }), {
          moved: ({ data }) => reader.event(data),
          'millrace.snapshot': ({ data }) => {
            snapshots += 1
            reader.snapshot(data)
          },
          'millrace.reset': () => {
            resets += 1
            reader.reset()
          },
        })
        readers.push({ account, reader, close })
      }
      for (const account of names) join(account)

      const perform = async (next: Step) => {
        if (next.does === 'move') await publisher.move(system, next.account, next.amount)
        else if (next.does === 'change')
          await system.events.publish(bank.rates(), 'changed', { number: ++publisher.rate })
        else if (next.does === 'cut') system.cut()
        else if (next.does === 'restart') await system.restart()
        else if (next.does === 'forget') publisher.log.trim((await publisher.log.bounds()).head + 1)
        else if (next.does === 'begin anew') publisher.log.restart()
        else if (next.does === 'join') join('a')
        else if (next.does === 'leave' && readers.length > 2) readers.pop()?.close()
        else if (next.does === 'feel') publisher.mood = next.mood
        else for (let turns = 0; turns < 60; turns += 1) await turn()
      }
      try {
        for (const next of steps) {
          await perform(next)
          // A turn is enough for some of what is on its way, and too little for the rest.
          for (let turns = 0; turns < 3; turns += 1) await turn()
        }
        publisher.mood = 'tells'
        let looks = 0
        const settled = async () => {
          looks += 1
          // Who was told that it has lost its place, and has no state since, is told one when it loses it again.
          if (looks % 20 === 0 && readers.some(({ reader }) => reader.state === undefined))
            publisher.log.restart()
          for (const account of names) await publisher.move(system, account, 1)
          for (let turns = 0; turns < 5; turns += 1) await turn()
          return readers.map(({ account, reader }) => [account, reader.state])
        }
        await expect
          .poll(settled, { interval: 5 })
          .toEqual(readers.map(({ account }) => [account, publisher.accounts[account]]))
      } finally {
        await client.close()
        await system.stop()
      }
      const all = [...readers.map(({ reader }) => reader), ...plain, rates]
      expect([...faults, ...all.flatMap((reader) => reader.faults)]).toEqual([])
    }),
    { numRuns: 100 },
  )
  // It was about something.
  expect(snapshots).toBeGreaterThan(100)
  expect(resets).toBeGreaterThan(0)
})
