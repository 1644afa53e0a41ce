import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { afterEach, beforeEach, it, vi } from 'vitest'
import { Storm, type Wish } from './storm.fixture.ts'
import { turns } from './tabs.fixture.ts'

// Whatever becomes of the tabs, the stream and the log, in whatever order: each subscription is told everything once and in order, up to its
// end, and what it cannot be told is a reset. What holds is said by the witnesses of the simulation; here several tabs share a stream.

const times = (count: number, name: string): string[] => Array.from({ length: count }, () => name)

const wish: fc.Arbitrary<Wish> = fc.record({
  address: fc.constantFrom('orders/1', 'orders/1', 'orders/2', 'orders/*', 'stock/1', 'carts/1', 'nowhere/1'),
  from: fc.constantFrom('now', 'earliest', 'earliest', 'cursor'),
  back: fc.nat(4),
  former: fc.boolean(),
  form: fc.constantFrom('handler', 'handler', 'named', 'iterator'),
  states: fc.boolean(),
  pace: fc.constantFrom(0, 0, 1, 3, 12),
})

const deeds = fc.array(
  fc.record({
    deed: fc.constantFrom(
      ...[
        ...times(3, 'open'),
        ...times(3, 'subscribe'),
        'unsubscribe',
        ...times(8, 'publish'),
        'publish wide',
        ...times(2, 'close'),
      ],
      ...[...times(3, 'crash'), ...times(2, 'reload'), ...times(3, 'freeze'), ...times(4, 'thaw')],
      ...['cut', 'reconnect', 'lose', 'delay', 'delay', ...times(6, 'tick')],
      ...['end', 'trim', 'trim', 'new life', 'restart', 'deny', 'allow'],
    ),
    // Mostly the one that streams for all, or any.
    which: fc.oneof(fc.constant(-1), fc.nat(9)),
    many: fc.nat(9),
    wish,
    turns: fc.constantFrom(0, 0, 1, 2, 5, 20),
  }),
  { minLength: 5, maxLength: 60, size: 'max' },
)
const story = fc.record({ shards: fc.constantFrom(1, 1, 2), first: wish, deeds })

type Story = typeof story extends fc.Arbitrary<infer Value> ? Value : never

const topics = ['orders/1', 'orders/2', 'stock/1', 'carts/1', 'orders/1'] as const

async function live({ shards, first, deeds }: Story): Promise<void> {
  const storm = new Storm(shards)
  try {
    storm.open(first)
    for (const deed of deeds) {
      befall(storm, deed)
      await turns(deed.turns)
      storm.inspect()
    }
    await storm.end()
  } finally {
    await storm.stop()
  }
}

function befall(storm: Storm, { deed, which, many, wish }: Story['deeds'][number]): void {
  const { backend, here } = storm
  const topic = topics[many % topics.length] as string
  if (deed === 'open' && here.length < 5) storm.open(wish)
  else if (deed === 'publish') backend.publish(topic, 1 + (which & 1))
  // Of these, few are more than may be on their way to a tab.
  else if (deed === 'publish wide') backend.publish(topic, 4, 150_000)
  else if (deed === 'cut') storm.cut()
  else if (deed === 'tick') storm.pass(many % 4 === 0 ? 1_000 : 150)
  else if (deed === 'end') backend.endTopic(topic)
  else if (deed === 'trim') backend.trim(many % 4, shardOf(which))
  else if (deed === 'new life') backend.newLife(shardOf(which))
  else if (deed === 'restart') {
    backend.stop(0)
    backend.start(many % 4 === 0, many % 3 === 0 ? 2 : -1)
  } else if (deed === 'deny') storm.deny(topic, many % 2 === 0)
  else if (deed === 'allow') for (const denied of storm.denied) backend.rights.allow(denied)
  const member = which < 0 ? storm.leader : here[which % Math.max(here.length, 1)]
  if (!member) return
  const { tab } = member
  if (deed === 'crash') storm.crash(member)
  else if (deed === 'freeze') storm.freeze(member)
  else if (deed === 'thaw') storm.thaw(member, many % 2 === 0)
  // What is said over there needs a tab that runs.
  else if (member.slept !== undefined) return
  else if (deed === 'subscribe') storm.subscribe(member, wish)
  else if (deed === 'unsubscribe') storm.unsubscribe(member, many)
  else if (deed === 'close') storm.close(member)
  else if (deed === 'reload') storm.reload(member, many % 2 === 0)
  else if (deed === 'reconnect') tab.client.reconnect()
  else if (deed === 'delay') tab.delay = many
  else if (deed === 'lose') {
    let times = 0
    tab.loses = () => {
      times += 1
      return times === 1
    }
  }
}

const shardOf = (which: number): number | undefined => (which < 0 ? undefined : which)

// The name of a group is asked for where threads decide when it comes.
beforeEach(() => {
  vi.spyOn(crypto.subtle, 'digest').mockImplementation(async (_, data) => {
    const hash = createHash('sha256').update(data as Uint8Array)
    return new Uint8Array(hash.digest()).buffer
  })
})
afterEach(() => vi.restoreAllMocks())

const runs = Number(process.env.MILLRACE_STORMS ?? 60)

it(`every subscription has every event once, whatever becomes of the tabs (${runs} times)`, {
  timeout: 60_000 + runs * 100,
}, async () => {
  await fc.assert(fc.asyncProperty(story, live), {
    numRuns: runs,
    seed: Number(process.env.MILLRACE_SEED ?? 20_261_121),
  })
})
