import { setImmediate as turn } from 'node:timers/promises'
import { channel, defineContract } from '@millrace/contract'
import { memoryLog } from '@millrace/log'
import { createEventServer } from '@millrace/server'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import * as z from 'zod'
import { Origin, type Tab, until } from './tabs.fixture.ts'

// Whatever becomes of the tabs, in whatever order: each has every number once, in order, up to its end.

const contract = defineContract({
  name: 'numbers',
  version: '1.0.0',
  channels: {
    said: channel('numbers', { events: { number: z.int() } }),
    other: channel('other', { events: {} }),
  },
})

type Deed =
  | 'open'
  | 'say'
  | 'close'
  | 'crash'
  | 'freeze'
  | 'thaw'
  | 'cut'
  | 'reconnect'
  | 'lose'
  | 'join'
  | 'tick'
const deeds = fc.array(
  fc.record({
    deed: fc.constantFrom<Deed>(
      ...(['open', 'say', 'say', 'say', 'close', 'crash', 'freeze', 'thaw', 'thaw'] as const),
      ...(['cut', 'reconnect', 'lose', 'join', 'tick', 'tick', 'tick'] as const),
    ),
    which: fc.nat(9),
    turns: fc.constantFrom(0, 0, 1, 2, 5, 20),
  }),
  { minLength: 5, maxLength: 60, size: 'max' },
)

interface Member {
  readonly tab: Tab
  readonly seen: (number | string)[]
}

type Story = readonly { readonly deed: Deed; readonly which: number; readonly turns: number }[]

async function live(story: Story): Promise<void> {
  const origin = new Origin()
  try {
    await tell(story, origin)
  } finally {
    await origin.close()
  }
}

async function tell(story: Story, origin: Origin): Promise<void> {
  const events = createEventServer({ contract, log: memoryLog(), retry: 1, heartbeat: 60_000 })
  const cuts = new Set<AbortController>()
  const fetch = (request: Request) => {
    const cut = new AbortController()
    cuts.add(cut)
    return events.fetch(new Request(request, { signal: AbortSignal.any([request.signal, cut.signal]) }))
  }
  const here: Member[] = []
  const all: Member[] = []
  const frozen = new Set<Tab>()
  let total = 0
  const say = () => events.publish(contract.said(), 'number', ++total)
  const open = () => {
    const tab = origin.open({ fetch })
    const seen: (number | string)[] = []
    tab.client.subscribe(
      contract.said(),
      (event) => {
        seen.push(event.name === 'number' ? event.data : event.name)
        // Some take their time.
        return all.length % 2 === 0 ? turn() : undefined
      },
      { from: 'earliest' },
    )
    const member = { tab, seen }
    here.push(member)
    all.push(member)
  }
  open()
  for (const { deed, which, turns } of story) {
    const index = which % Math.max(here.length, 1)
    const tab = here[index]?.tab
    if (deed === 'say') await say()
    else if (deed === 'open' && here.length < 5) open()
    else if (deed === 'cut') for (const cut of cuts) cut.abort()
    else if (deed === 'tick') for (const { tab } of here) if (!frozen.has(tab)) tab.clock.advance(150)
    if (tab) {
      if (deed === 'crash') {
        here.splice(index, 1)
        frozen.delete(tab)
        tab.crash()
      }
      if (deed === 'freeze' && frozen.add(tab)) tab.freeze()
      if (deed === 'thaw' && frozen.delete(tab)) tab.thaw()
      if (frozen.has(tab)) continue
      if (deed === 'close') {
        here.splice(index, 1)
        void tab.client.close()
      }
      if (deed === 'reconnect') tab.client.reconnect()
      if (deed === 'join') tab.client.subscribe(contract.other(), () => {})
      if (deed === 'lose') {
        let times = 0
        tab.loses = () => {
          times += 1
          return times === 1
        }
      }
    }
    for (let count = 0; count < turns; count += 1) await turn()
  }
  for (const tab of frozen) tab.thaw()
  open()
  await say()
  const ticking = here.map(({ tab }) => tab)
  await until(() => here.every(({ seen }) => seen.length >= total), ...ticking)
  await until(() => events.stats().connections === 1, ...ticking)
  const numbers = Array.from({ length: total }, (_, index) => index + 1)
  for (const { seen } of here) expect(seen).toEqual(numbers)
  for (const { seen } of all) expect(seen).toEqual(numbers.slice(0, seen.length))
  for (const { tab } of all) await tab.close()
  for (const { tab } of all) expect(tab.errors).toEqual([])
  await until(() => events.stats().connections === 0 && origin.locks.count(() => true) === 0)
  await events.close({ drain: 0 })
}

const runs = Number(process.env.MILLRACE_STORMS ?? 60)

it(`every tab has every event once, whatever becomes of the others (${runs} times)`, {
  timeout: 60_000 + runs * 100,
}, async () => {
  await fc.assert(fc.asyncProperty(deeds, live), {
    numRuns: runs,
    seed: Number(process.env.MILLRACE_SEED ?? 20_261_121),
  })
})
