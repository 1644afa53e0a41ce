import type { Random } from './random.ts'
import { type Act, calmFate, type Fate, type Scenario, type Taking } from './scenario.ts'
import { addresses } from './shop.ts'
import { followed } from './state-follower.ts'
import type { Mood } from './states.ts'

/**
 * Puts into some scenarios what hardly ever happens by chance: several things in an order in which clients or servers were wrong once, or would be with a
 * small change. All else goes on beside it.
 */
export function drawTale(scenario: Scenario, random: Random): Scenario {
  if (!random.chance(0.1)) return scenario
  return random.pick([
    tellOfReset,
    tellOfEnd,
    tellOfFormerLife,
    tellOfSlowHandOver,
    tellOfLossBesideStates,
    tellOfWideEvents,
    tellOfJoining,
  ])(scenario, random)
}

const plain: Omit<Taking, 'address'> = {
  from: 'now',
  back: 0,
  form: 'handler',
  bare: false,
  states: true,
  pace: 'sync',
  fails: 0,
  closesAfter: 0,
  signal: false,
}

type Subscribing = Partial<Taking> & { readonly client?: number }

const subscribe = (at: number, address: string, { client = 0, ...taking }: Subscribing = {}): Act => ({
  when: { at },
  do: 'subscribe',
  client,
  ...plain,
  ...taking,
  address,
})

const publish = (at: number, topic: string, count: number): Act => ({
  when: { at },
  do: 'publish',
  topic,
  count,
})

/** The log forgets all but the newest, and so does the server, which may hold more than the log. */
const forget = (at: number, keep: number): Act => ({
  when: { at },
  do: 'restart',
  down: 10,
  drain: 0,
  epoch: false,
  keep,
})

function add(
  { settings, duration, acts, ...rest }: Scenario,
  changed: Partial<Scenario['settings']>,
  more: readonly Act[],
  fates = rest.fates,
): Scenario {
  const last = Math.max(0, ...more.map(({ when }) => ('at' in when ? when.at : 0)))
  return {
    ...rest,
    // It is to be over before the faults are.
    duration: Math.max(duration, last + 1_000),
    settings: { ...settings, ...changed },
    acts: [...acts, ...more],
    fates,
  }
}

/** A state that is live goes on after a gap of which there is no state, for a while. */
function tellOfReset(scenario: Scenario, random: Random): Scenario {
  const moods = random.pick<readonly Mood[]>([
    ['tells', 'fails'],
    ['tells', 'knows nothing'],
    ['tells', 'tells', 'fails', 'is slow'],
  ])
  const away = random.int(1_500, 4_000)
  return add(scenario, { moods, each: false, loses: false }, [
    publish(0, followed, random.int(0, 2)),
    { when: { at: 1 }, do: 'follow', client: 0 },
    publish(random.int(500, 1_000), followed, 1),
    { when: { at: away }, do: 'offline', for: 1_000, how: random.pick(['error', 'end', 'stall']) },
    publish(away + 100, followed, random.int(1, 3)),
    forget(away + 200, random.int(0, 1)),
    publish(away + random.int(300, 4_000), followed, random.int(1, 2)),
    publish(away + random.int(2_000, 9_000), followed, 1),
  ])
}

/** A topic ends, in this life or at once in the next one, while its subscriptions are there or away. */
function tellOfEnd(scenario: Scenario, random: Random): Scenario {
  const address = random.pick(addresses)
  const at = random.int(20, 2_000)
  const before: Act[] = [
    { when: { at }, do: 'new life' },
    { when: { at: random.int(0, at) }, do: 'offline', for: 1_000, how: 'error' },
    { when: { at: at - 10 }, do: 'cut', how: 'end' },
    { when: { at: at + 10 }, do: 'restart', down: 10, drain: 0, epoch: false, keep: -1 },
  ]
  const first = random.pick(before as [Act, ...Act[]])
  return add(scenario, {}, [
    publish(0, address, random.int(1, 5)),
    subscribe(1, address, { from: random.pick(['now', 'earliest']) }),
    subscribe(random.int(1, at + 20), random.pick(addresses), { from: 'earliest' }),
    publish(random.int(1, at), address, random.int(1, 3)),
    first,
    ...(random.chance(0.5) ? [publish(at, random.pick(addresses), 1)] : []),
    { when: { at }, do: 'end topic', topic: address },
  ])
}

/** Of two on one topic one is in the new life of the log already, and has lost something there, and the other comes from the life before. */
function tellOfFormerLife(scenario: Scenario, random: Random): Scenario {
  const address = random.pick(addresses)
  const at = random.int(50, 1_000)
  return add(scenario, {}, [
    publish(0, address, random.int(1, 4)),
    subscribe(1, address, { from: random.pick(['now', 'earliest']) }),
    { when: { at }, do: 'new life' },
    publish(at + 20, address, random.int(0, 2)),
    { when: { at: at + 200 }, do: 'offline', for: random.pick([300, 2_000]), how: 'error' },
    publish(at + 220, address, random.int(1, 3)),
    forget(at + 240, random.int(0, 2)),
    subscribe(at + random.int(210, 300), address, { from: 'cursor', former: true, back: random.int(0, 2) }),
    publish(at + random.int(250, 3_000), address, 1),
  ])
}

/** The next stream takes long to be opened, and begins with what the stream before has led beyond meanwhile. */
function tellOfSlowHandOver(scenario: Scenario, random: Random): Scenario {
  const address = random.chance(0.7) ? 'carts/1' : random.pick(addresses)
  const at = random.int(50, 1_000)
  const slow: Fate = { ...calmFate, latency: 900 }
  return add(
    scenario,
    { moods: random.pick<readonly Mood[]>([['tells'], ['tells', 'is slow']]), clients: 1, each: false },
    [
      publish(0, address, random.int(1, 4)),
      subscribe(0, address, { from: random.pick(['now', 'earliest']) }),
      random.chance(0.5)
        ? { when: { at }, do: 'reconnect', client: 0 }
        : subscribe(at, random.pick(addresses), { from: 'cursor', back: random.int(0, 4) }),
      publish(at + random.int(10, 300), address, random.int(1, 2)),
      { when: { at: at + random.int(300, 890) }, do: 'trim', keep: random.int(0, 1) },
      publish(at + random.int(600, 1_800), address, random.int(1, 2)),
      publish(at + random.int(900, 1_800), address, random.int(1, 2)),
    ],
    [calmFate, slow, ...scenario.fates],
  )
}

/** The log loses something while a stream waits for states. */
function tellOfLossBesideStates(scenario: Scenario, random: Random): Scenario {
  const at = random.int(20, 1_000)
  const some = (from: number): Act =>
    subscribe(from, random.chance(0.6) ? 'carts/1' : random.pick(addresses), {
      from: random.pick(['now', 'cursor']),
      back: random.int(0, 4),
      client: random.int(0, 1),
    })
  return add(
    scenario,
    { loses: true, moods: ['is slow'], clients: Math.max(2, scenario.settings.clients), each: false },
    [
      publish(0, 'carts/1', random.int(1, 3)),
      publish(1, random.pick(addresses), random.int(1, 3)),
      some(at),
      some(at),
      some(at + random.int(0, 30)),
      { when: { at: at + random.int(8, 40) }, do: 'lose', count: random.int(1, 4) },
      some(at + random.int(10, 900)),
      publish(at + random.int(20, 900), 'carts/1', random.int(1, 4)),
      publish(at + random.int(900, 7_000), random.pick(addresses), random.int(1, 2)),
    ],
  )
}

/** Events of which one fills what is held for a client: its stream falls behind, and reads on from the log whatever becomes of that. */
function tellOfWideEvents(scenario: Scenario, random: Random): Scenario {
  const address = random.pick(addresses)
  const at = random.int(20, 1_000)
  const wide = (from: number): Act => ({
    when: { at: from },
    do: 'publish',
    topic: random.chance(0.7) ? address : random.pick(addresses),
    count: random.int(1, 2),
    fill: 70_000,
  })
  const { loses } = scenario.settings
  const trouble = (from: number): Act =>
    random.pick<Act>([
      { when: { at: from }, do: 'new life' },
      { when: { at: from }, do: 'trim', keep: random.int(0, 2) },
      loses
        ? { when: { at: from }, do: 'lose', count: random.int(1, 3) }
        : { when: { at: from }, do: 'end topic', topic: address },
    ])
  const narrow: Fate = { ...calmFate, narrow: true, latency: random.pick([0, 5, 60]) }
  return add(
    scenario,
    { posts: false },
    [
      publish(0, address, random.int(1, 3)),
      subscribe(1, address, { from: 'earliest', pace: { milliseconds: random.pick([20, 700]) } }),
      subscribe(random.int(1, at), random.pick(addresses), { from: random.pick(['now', 'cursor']), back: 3 }),
      wide(at),
      wide(at + random.int(0, 100)),
      publish(at + random.int(0, 200), random.pick(addresses), random.int(1, 3)),
      trouble(at + random.int(5, 900)),
      ...(random.chance(0.5) ? [trouble(at + random.int(5, 900))] : []),
      publish(at + random.int(0, 1_500), address, random.int(1, 3)),
      subscribe(at + random.int(0, 1_500), random.pick(addresses), {
        from: 'cursor',
        back: random.int(0, 4),
      }),
    ],
    [narrow, narrow, ...scenario.fates],
  )
}

/** Somebody comes together with another who leaves before the stream for both has taken over, which a handler holds up. */
function tellOfJoining(scenario: Scenario, random: Random): Scenario {
  const at = random.int(20, 1_000)
  return add(scenario, { asks: true, clients: 1, each: false }, [
    subscribe(0, 'orders/1', { from: 'earliest', pace: { milliseconds: 700 } }),
    subscribe(0, 'stock/1'),
    publish(at, 'orders/1', 1),
    subscribe(at + random.int(6, 20), 'stock/1', { closesAfter: random.int(0, 1) * 2 }),
    subscribe(at + random.int(6, 20), 'orders/2'),
    publish(at + random.int(6, 20), 'stock/1', random.int(1, 2)),
    { when: { at: at + random.int(20, 400) }, do: 'unsubscribe', client: 0, which: 3, how: 'close' },
    publish(at + random.int(20, 800), 'stock/1', random.int(1, 2)),
  ])
}
