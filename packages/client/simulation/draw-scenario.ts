import type { ShelfKind } from './cursor-shelf.ts'
import { drawFate } from './draw-fate.ts'
import { drawTale } from './draw-tale.ts'
import { Random } from './random.ts'
import {
  type Act,
  type CutKind,
  type Fate,
  moments,
  type Scenario,
  type Taking,
  type When,
} from './scenario.ts'
import { addresses } from './shop.ts'
import { followed } from './state-follower.ts'
import type { Mood } from './states.ts'

/** The scenario of a seed. */
export function drawScenario(seed: number): Scenario {
  const random = new Random(seed)
  const scenario = drawMore(drawLink(seed, random), random.fork())
  return drawShards(drawTale(scenario, random.fork()), random.fork())
}

// What befalls a log befalls one of its shards, or all.
function drawShards(scenario: Scenario, random: Random): Scenario {
  const { settings, acts } = scenario
  if (!random.chance(settings.loses ? 0.3 : 0.1)) return scenario
  const shards = random.int(2, 3)
  return {
    ...scenario,
    settings: { ...settings, shards },
    acts: [...acts, ...drawPattern(scenario, random)].map((act) => {
      const isOfOne = act.do === 'trim' || act.do === 'lose' || act.do === 'new life' || act.do === 'restart'
      return isOfOne && random.chance(0.7) ? { ...act, shard: random.int(0, shards - 1) } : act
    }),
  }
}

// What was thought of later, so that what is drawn before stays what it was.
function drawMore(scenario: Scenario, random: Random): Scenario {
  const { duration, settings } = scenario
  const stores = random.weigh<ShelfKind>([
    [10, 'nothing'],
    [1, 'at once'],
    [1, 'slow'],
    [0.5, 'fails'],
  ])
  const { clients, moods } = settings
  const client = () => random.int(0, clients - 1)
  const acts: Act[] = scenario.acts.map((act) => {
    if (act.do !== 'subscribe' || stores === 'nothing') return act
    return {
      ...act,
      ...(random.chance(0.7) && { durable: random.pick(['one', 'other']) }),
      ...(random.chance(0.25) && { ack: 'manual' as const }),
    }
  })
  const reloads = stores === 'nothing' ? 0 : random.int(1, 2)
  for (let count = 0; count < reloads; count += 1)
    acts.push({
      when: drawWhen(random, duration),
      do: 'reload',
      client: client(),
      killed: random.chance(0.5),
    })
  const each = random.chance(0.03)
  // Whose subscription is another one.
  if (moods.length > 0 && !each && random.chance(0.1)) {
    const when = () => drawWhen(random, duration)
    acts.push(
      { when: random.chance(0.5) ? { at: 0 } : when(), do: 'follow', client: client() },
      { when: when(), do: 'publish', topic: followed, count: random.int(1, 3) },
      random.chance(0.5)
        ? { when: when(), do: 'trim', keep: random.int(0, 1) }
        : { when: when(), do: 'cut', how: 'error' },
      { when: when(), do: 'publish', topic: followed, count: random.int(1, 3) },
    )
  }
  return {
    ...scenario,
    settings: { ...settings, asks: random.chance(0.25), stores, each },
    acts,
  }
}

// Only a pattern is in several shards, and hardly any would lose something in one of them.
function drawPattern({ duration }: Scenario, random: Random): readonly Act[] {
  if (random.chance(0.6)) return []
  const pattern: Act = {
    when: { at: random.int(0, duration) },
    ...drawSubscribe(random),
    client: 0,
    address: 'orders/*',
  }
  const publish = (): Act => ({
    when: { at: random.int(0, duration) },
    do: 'publish',
    topic: random.pick(['orders/1', 'orders/2']),
    count: random.int(1, 3),
  })
  return [
    pattern,
    publish(),
    publish(),
    {
      when: { at: random.int(0, duration) },
      do: 'restart',
      down: random.pick([0, 10, 700]),
      drain: random.pick([0, 50]),
      epoch: random.chance(0.5),
      keep: random.int(0, 1),
    },
  ]
}

function drawLink(seed: number, random: Random): Scenario {
  const duration = random.pick([30, 300, 5_000, 40_000])
  const clients = random.weigh([
    [8, 1],
    [1.5, 2],
    [0.5, 3],
  ])
  const client = () => (clients === 1 ? 0 : random.int(0, clients - 1))
  const rights = random.chance(0.2) ? random.pick([700, 9_000, 3_600_000]) : 0
  const loses = random.chance(0.25)
  const acts: Act[] = []
  const add = (times: number, draw: () => Act) => {
    for (let count = 0; count < times; count += 1) acts.push(draw())
  }
  const when = () => drawWhen(random, duration)
  // Some are about one topic, so that there is more about it.
  const favourite = random.chance(0.4) ? random.pick(addresses) : undefined
  const topic = () => favourite ?? random.pick(addresses)
  const subscribe = () => {
    const act = { ...drawSubscribe(random), client: client() }
    return favourite !== undefined && random.chance(0.7) ? { ...act, address: favourite } : act
  }

  // Something to begin with, most of the time.
  add(random.chance(0.4) ? 1 : 0, () => ({
    when: { at: 0 },
    do: 'publish',
    topic: topic(),
    count: random.pick([1, 2, 4, 12]),
  }))
  add(1, () => ({ when: random.chance(0.9) ? { at: 0 } : when(), ...subscribe() }))
  add(random.int(0, 2 + clients), () => ({ when: when(), ...subscribe() }))
  add(random.int(1, 6), () => ({
    when: when(),
    do: 'publish',
    topic: topic(),
    count: random.chance(0.002) ? 300 : random.int(1, 3),
  }))
  add(
    random.weigh([
      [6, 0],
      [3, 1],
      [1, 2],
    ]),
    () => ({
      when: when(),
      do: 'unsubscribe',
      client: client(),
      which: random.int(0, 3),
      how: random.pick(['close', 'abort']),
    }),
  )
  add(
    random.weigh([
      [3, 0],
      [4, 1],
      [2, 2],
      [1, 4],
    ]),
    () => ({ when: when(), ...drawTrouble(random, { topic, client, loses, rights }) }),
  )
  const fates: Fate[] = []
  const troubles = random.weigh([
    [3, 0],
    [3, 1],
    [2, 3],
    [1, 6],
  ])
  for (let count = 0; count < troubles; count += 1) fates.push(drawFate(random))
  return {
    seed,
    duration,
    settings: {
      heartbeat: random.pick([997, 4_001, 15_013]),
      retry: random.pick([1, 500, 2_000, 60_000]),
      maxAge: random.chance(0.1) ? 3_000 : 3_600_000,
      cap: random.pick([500, 5_000, 30_000]),
      headers: random.chance(0.15) ? random.pick([1, 200]) : 0,
      wakes: random.weigh([
        [6, 'prompt'],
        [1, 'late'],
        [1, 'doubled'],
        [1, 'lost'],
      ]),
      clients,
      loses,
      moods: random.weigh<readonly Mood[]>([
        [1, []],
        [3, ['tells']],
        [2, ['tells', 'is slow']],
        [1, ['knows nothing']],
        [1, ['tells', 'is slow', 'fails', 'knows nothing']],
      ]),
      rights,
      posts: random.chance(0.1),
      rests: random.chance(0.2),
      held: random.chance(0.06) ? random.int(2, 12) : 0,
    },
    acts,
    fates,
  }
}

function drawWhen(random: Random, duration: number): When {
  if (random.chance(0.5)) return { at: random.int(0, duration) }
  return {
    on: random.pick(moments),
    nth: random.weigh([
      [3, 1],
      [2, 2],
      [1, 3],
      [1, random.int(4, 9)],
    ]),
    turns: random.chance(0.3) ? 0 : random.int(1, 25),
  }
}

function drawSubscribe(random: Random): { readonly do: 'subscribe' } & Taking {
  return {
    do: 'subscribe',
    address: random.weigh([
      [3, 'orders/1'],
      [2, 'orders/2'],
      [2, 'orders/*'],
      [2, 'stock/1'],
      [2, 'carts/1'],
      [0.1, 'nowhere/1'],
    ]),
    from: random.weigh([
      [4, 'now'],
      [2, 'earliest'],
      [1, 'cursor'],
    ]),
    back: random.int(0, 4),
    form: random.weigh([
      [3, 'handler'],
      [1, 'named'],
      [2, 'iterator'],
    ]),
    bare: random.chance(0.2),
    states: random.chance(0.5),
    pace: random.weigh<Taking['pace']>([
      [4, 'sync'],
      [2, { turns: random.int(1, 12) }],
      [2, { milliseconds: random.pick([1, 20, 700, 6_000]) }],
      [0.3, 'hung'],
    ]),
    fails: random.chance(0.1) ? random.int(1, 3) : 0,
    closesAfter: random.chance(0.1) ? random.int(1, 4) : 0,
    signal: random.chance(0.3),
  }
}

type Trouble = Act extends infer Each ? (Each extends Act ? Omit<Each, 'when'> : never) : never

interface Circumstances {
  readonly topic: () => string
  readonly client: () => number
  readonly loses: boolean
  readonly rights: number
}

function drawTrouble(random: Random, { topic, client, loses, rights }: Circumstances): Trouble {
  const how = (): CutKind => random.pick(['error', 'end', 'stall'])
  const draws: readonly (readonly [number, () => Trouble])[] = [
    [4, () => ({ do: 'cut', how: how() })],
    [2, () => ({ do: 'trim', keep: random.int(0, 2) })],
    [1, () => ({ do: 'new life' })],
    [loses ? 8 : 0, () => ({ do: 'lose', count: random.int(1, 4) })],
    [
      rights > 0 ? 8 : 0,
      () => ({
        do: 'deny',
        topic: topic(),
        for: random.pick([20, 3_000, 30_000]),
        openToo: random.chance(0.5),
      }),
    ],
    [
      3,
      () => ({
        do: 'restart',
        down: random.pick([0, 10, 3_000]),
        drain: random.pick([0, 0, 50, 2_000]),
        epoch: random.chance(0.4),
        keep: random.chance(0.3) ? random.int(0, 2) : -1,
      }),
    ],
    [1, () => ({ do: 'revoke' })],
    [1, () => ({ do: 'end topic', topic: topic() })],
    [
      1,
      () => ({
        do: 'publish bad',
        topic: topic(),
        kind: random.pick<'malformed' | 'unknown'>(['malformed', 'unknown']),
      }),
    ],
    [1, () => ({ do: 'jump', by: random.pick([-86_400_000, -5_000, 5_000, 86_400_000]) })],
    [1, () => ({ do: 'sleep', for: random.pick([1_000, 60_000, 3_600_000]), frozen: random.chance(0.5) })],
    [2, () => ({ do: 'offline', for: random.pick([50, 3_000, 30_000]), how: how() })],
    [1, () => ({ do: 'hide', for: random.pick([50, 3_000, 30_000]) })],
    [1, () => ({ do: 'put aside', for: random.pick([50, 3_000, 600_000]) })],
    [1, () => ({ do: 'storm', times: random.int(2, 8) })],
    [2, () => ({ do: 'reconnect', client: client() })],
    [0.5, () => ({ do: 'close', client: client() })],
  ]
  return random.weigh(draws)()
}
