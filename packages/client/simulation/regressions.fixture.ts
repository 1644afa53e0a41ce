import { type Act, calmFate, type Fate, type Scenario, type Taking } from './scenario.ts'

/** A scenario in which a fault came to light once, made as small as it could be. */
export interface Regression {
  readonly what: string
  readonly scenario: Scenario
}

const plain: Omit<Taking, 'address' | 'from'> & { client: number } = {
  client: 0,
  back: 0,
  form: 'handler',
  bare: false,
  states: false,
  pace: 'sync',
  fails: 0,
  closesAfter: 0,
  signal: false,
}

const settings: Scenario['settings'] = {
  heartbeat: 4_001,
  retry: 1,
  maxAge: 3_600_000,
  cap: 5_000,
  headers: 0,
  wakes: 'prompt',
  clients: 1,
  loses: false,
  moods: [],
  rights: 0,
  posts: false,
  rests: false,
  held: 0,
}

function scenario(duration: number, acts: readonly Act[], fates: readonly Fate[] = []): Scenario {
  return { seed: 2, duration, settings, acts, fates }
}

// The second stream takes longer than what the first one brings meanwhile.
const slowSecond: readonly Fate[] = [calmFate, { ...calmFate, latency: 10 }]

export const regressions: readonly Regression[] = [
  {
    what: 'who is in the new life already loses what was trimmed there, and another on the same topic learns of the life',
    scenario: scenario(30, [
      { when: { at: 0 }, do: 'subscribe', ...plain, address: 'orders/1', from: 'now' },
      { when: { at: 7 }, do: 'restart', down: 0, drain: 50, epoch: true, keep: -1 },
      { when: { at: 15 }, do: 'subscribe', ...plain, address: 'orders/1', from: 'cursor' },
      { when: { at: 17 }, do: 'publish', topic: 'orders/1', count: 3 },
      { when: { at: 19 }, do: 'trim', keep: 1 },
    ]),
  },
  {
    what: 'a new stream is opened in the old life, and the old stream tells of the new one meanwhile',
    scenario: scenario(
      60,
      [
        { when: { at: 0 }, do: 'subscribe', ...plain, address: 'stock/1', from: 'now' },
        { when: { at: 14 }, do: 'publish', topic: 'stock/1', count: 1 },
        { when: { at: 15 }, do: 'subscribe', ...plain, address: 'orders/2', from: 'now' },
        { when: { at: 30 }, do: 'new life' },
      ],
      slowSecond,
    ),
  },
  {
    what: 'a new stream tells of what was trimmed in the old life, and the old stream told of the new one',
    scenario: scenario(
      60,
      [
        { when: { at: 0 }, do: 'publish', topic: 'orders/2', count: 4 },
        { when: { at: 1 }, do: 'subscribe', ...plain, address: 'orders/2', from: 'cursor', back: 2 },
        { when: { at: 16 }, do: 'subscribe', ...plain, address: 'orders/1', from: 'now' },
        { when: { at: 17 }, do: 'publish', topic: 'stock/1', count: 3 },
        { when: { at: 18 }, do: 'trim', keep: 0 },
        { when: { at: 31 }, do: 'new life' },
      ],
      slowSecond,
    ),
  },
  {
    what: 'a handler subscribes while it is told of a reset',
    scenario: scenario(40, [
      { when: { at: 0 }, do: 'subscribe', ...plain, address: 'orders/1', from: 'now' },
      { when: { at: 20 }, do: 'new life' },
      {
        when: { on: 'handler', nth: 1, turns: 0 },
        do: 'subscribe',
        ...plain,
        address: 'orders/1',
        from: 'now',
      },
      { when: { at: 28 }, do: 'publish', topic: 'orders/1', count: 3 },
      { when: { at: 38 }, do: 'cut', how: 'error' },
    ]),
  },
  {
    what: 'who is told that the client is idle subscribes at once, as a failed stream leaves nobody',
    scenario: scenario(
      300,
      [
        { when: { at: 0 }, do: 'subscribe', ...plain, address: 'orders/1', from: 'now' },
        { when: { on: 'answer', nth: 2, turns: 0 }, do: 'unsubscribe', client: 0, which: 0, how: 'close' },
        {
          when: { on: 'status', nth: 3, turns: 0 },
          do: 'subscribe',
          ...plain,
          address: 'orders/2',
          from: 'earliest',
        },
      ],
      [
        {
          kind: 'serve',
          latency: 0,
          chunks: 'whole',
          cut: { after: 70, how: 'error' },
          deaf: false,
          poll: false,
          farewell: 0,
        },
      ],
    ),
  },
  {
    what: 'an answer comes just as it is given up, from a fetch that does not obey its signal',
    scenario: scenario(
      300,
      [
        { when: { at: 0 }, do: 'subscribe', ...plain, address: 'orders/1', from: 'earliest' },
        { when: { on: 'answer', nth: 1, turns: 1 }, do: 'unsubscribe', client: 0, which: 0, how: 'close' },
      ],
      [
        {
          kind: 'serve',
          latency: 0,
          chunks: 'whole',
          cut: { after: 26, how: 'stall' },
          deaf: true,
          poll: false,
          farewell: 0,
        },
      ],
    ),
  },
  {
    // Two wakes are lost, so that the server hears of the new life and of the end together.
    what: 'a topic ends in a new life before the sessions have learnt of that life',
    scenario: {
      ...scenario(60, [
        { when: { at: 0 }, do: 'publish', topic: 'orders/1', count: 4 },
        { when: { at: 1 }, do: 'subscribe', ...plain, address: 'orders/1', from: 'cursor' },
        { when: { at: 20 }, do: 'new life' },
        { when: { at: 22 }, do: 'end topic', topic: 'orders/1' },
        { when: { at: 25 }, do: 'publish', topic: 'stock/1', count: 1 },
      ]),
      settings: { ...settings, wakes: 'lost' },
    },
  },
  {
    what: 'nobody knows the state with which one begins, beside another that resumes',
    scenario: {
      ...scenario(300, [
        { when: { at: 0 }, do: 'subscribe', ...plain, address: 'carts/1', from: 'now' },
        {
          when: { on: 'append', nth: 7, turns: 0 },
          do: 'subscribe',
          ...plain,
          address: 'carts/1',
          from: 'now',
        },
        { when: { on: 'status', nth: 3, turns: 0 }, do: 'publish', topic: 'carts/1', count: 2 },
        { when: { on: 'chunk', nth: 1, turns: 0 }, do: 'publish', topic: 'carts/1', count: 3 },
        { when: { at: 77 }, do: 'publish', topic: 'carts/1', count: 2 },
      ]),
      settings: { ...settings, retry: 2_000, moods: ['knows nothing'] },
    },
  },
  {
    what: 'the stream before leads beyond the state that the next one begins with in place of a reset',
    scenario: {
      ...scenario(500, [
        { when: { at: 0 }, do: 'subscribe', ...plain, address: 'carts/1', from: 'earliest' },
        { when: { at: 20 }, do: 'publish', topic: 'carts/1', count: 1 },
        { when: { at: 113 }, do: 'subscribe', ...plain, address: 'orders/1', from: 'now' },
        { when: { at: 265 }, do: 'trim', keep: 0 },
        { when: { at: 421 }, do: 'publish', topic: 'carts/1', count: 2 },
      ]),
      settings: { ...settings, headers: 200, moods: ['tells'] },
    },
  },
  {
    what: 'the first state comes while the next stream is opened, which would tell it again',
    scenario: {
      ...scenario(5_000, [
        { when: { at: 0 }, do: 'subscribe', ...plain, address: 'carts/1', from: 'now' },
        {
          when: { on: 'chunk', nth: 2, turns: 0 },
          do: 'subscribe',
          ...plain,
          address: 'orders/2',
          from: 'earliest',
        },
        { when: { on: 'pull', nth: 2, turns: 0 }, do: 'publish', topic: 'stock/1', count: 1 },
      ]),
      settings: { ...settings, moods: ['tells'] },
    },
  },
  {
    what: 'the log loses something beyond the place from which another topic is replayed',
    scenario: {
      ...scenario(300, [
        { when: { at: 0 }, do: 'publish', topic: 'carts/1', count: 12 },
        { when: { at: 0 }, do: 'subscribe', ...plain, address: 'carts/1', from: 'earliest' },
        { when: { at: 104 }, do: 'subscribe', ...plain, address: 'carts/1', from: 'earliest' },
        {
          when: { on: 'fetch', nth: 2, turns: 0 },
          do: 'subscribe',
          ...plain,
          address: 'carts/1',
          from: 'now',
        },
        { when: { on: 'handled', nth: 2, turns: 0 }, do: 'publish', topic: 'orders/2', count: 3 },
        { when: { at: 130 }, do: 'lose', count: 3 },
      ]),
      seed: 22_574,
      settings: { ...settings, loses: true, moods: ['is slow'] },
    },
  },
  {
    what: 'of two who ask for one topic, one was overtaken by retention, and what the other has seen is lost',
    scenario: {
      ...scenario(300, [
        { when: { at: 0 }, do: 'publish', topic: 'stock/1', count: 12 },
        { when: { at: 1 }, do: 'subscribe', ...plain, address: 'orders/1', from: 'cursor', back: 4 },
        {
          when: { on: 'status', nth: 1, turns: 0 },
          do: 'subscribe',
          ...plain,
          address: 'orders/1',
          from: 'cursor',
        },
        { when: { at: 2 }, do: 'lose', count: 3 },
        { when: { at: 3 }, do: 'trim', keep: 0 },
      ]),
      settings: { ...settings, loses: true },
    },
  },
  {
    what: 'a state that is asked for since before the log lost something is wanted by another',
    scenario: {
      ...scenario(
        40_000,
        [
          { when: { at: 0 }, do: 'subscribe', ...plain, address: 'carts/1', from: 'now' },
          {
            when: { on: 'fetch', nth: 1, turns: 0 },
            do: 'subscribe',
            ...plain,
            address: 'carts/1',
            from: 'now',
          },
          { when: { on: 'fetch', nth: 1, turns: 0 }, do: 'publish', topic: 'carts/1', count: 2 },
          { when: { on: 'timer', nth: 1, turns: 0 }, do: 'publish', topic: 'carts/1', count: 2 },
          { when: { on: 'answer', nth: 3, turns: 0 }, do: 'lose', count: 2 },
          { when: { at: 1_171 }, do: 'publish bad', topic: 'carts/1', kind: 'malformed' },
        ],
        [calmFate, { ...calmFate, cut: { after: 108, how: 'error' } }],
      ),
      seed: 30_134,
      settings: {
        ...settings,
        heartbeat: 997,
        maxAge: 3_000,
        cap: 500,
        loses: true,
        moods: ['tells', 'is slow'],
      },
    },
  },
  {
    what: 'the state that one waits for who has left comes when another stands there already',
    scenario: {
      ...scenario(100, [
        { when: { at: 0 }, do: 'publish', topic: 'carts/1', count: 1 },
        {
          when: { at: 0 },
          do: 'subscribe',
          ...plain,
          address: 'carts/1',
          from: 'earliest',
          form: 'named',
        },
        {
          when: { on: 'headers', nth: 1, turns: 0 },
          do: 'subscribe',
          ...plain,
          address: 'carts/1',
          from: 'now',
        },
        { when: { at: 31 }, do: 'unsubscribe', client: 0, which: 1, how: 'close' },
      ]),
      settings: { ...settings, moods: ['is slow'] },
    },
  },
  {
    what: 'of two that are named the one is told a reset, and the other the state of the new life',
    scenario: {
      ...scenario(300, [
        { when: { at: 0 }, do: 'subscribe', ...plain, address: 'orders/1', from: 'earliest', states: true },
        { when: { at: 119 }, do: 'subscribe', ...plain, address: 'carts/1', from: 'earliest', states: true },
        { when: { on: 'chunk', nth: 2, turns: 0 }, do: 'publish', topic: 'carts/1', count: 1 },
        { when: { at: 142 }, do: 'subscribe', ...plain, address: 'carts/1', from: 'now', form: 'named' },
        {
          when: { at: 218 },
          do: 'subscribe',
          ...plain,
          address: 'carts/1',
          from: 'earliest',
          form: 'named',
          states: true,
        },
        { when: { at: 289 }, do: 'new life' },
      ]),
      settings: { ...settings, heartbeat: 997, moods: ['tells'] },
    },
  },
  {
    what: 'an iterator takes a reset of the stream before, while the next one is refused for it',
    scenario: {
      ...scenario(30, [
        {
          when: { at: 0 },
          do: 'subscribe',
          ...plain,
          address: 'orders/2',
          from: 'now',
          pace: { milliseconds: 6_000 },
        },
        { when: { on: 'headers', nth: 1, turns: 0 }, do: 'publish', topic: 'orders/1', count: 3 },
        {
          when: { on: 'chunk', nth: 1, turns: 0 },
          do: 'subscribe',
          ...plain,
          address: 'orders/2',
          from: 'now',
          form: 'iterator',
          states: true,
          pace: { milliseconds: 6_000 },
        },
        { when: { at: 18 }, do: 'subscribe', ...plain, address: 'orders/1', from: 'now' },
        { when: { on: 'fetch', nth: 2, turns: 0 }, do: 'lose', count: 2 },
      ]),
      settings: { ...settings, loses: true },
    },
  },
  {
    what: 'the stream before led beyond what the log has lost, without an event for who was led',
    scenario: {
      ...scenario(30, [
        { when: { at: 0 }, do: 'publish', topic: 'stock/1', count: 1 },
        { when: { at: 0 }, do: 'subscribe', ...plain, address: 'orders/2', from: 'earliest' },
        { when: { at: 1 }, do: 'subscribe', ...plain, address: 'orders/1', from: 'cursor', back: 1 },
        { when: { at: 6 }, do: 'revoke' },
        { when: { at: 10 }, do: 'lose', count: 3 },
        { when: { at: 13 }, do: 'publish', topic: 'orders/2', count: 1 },
      ]),
      settings: { ...settings, loses: true },
    },
  },
  {
    what: 'a state that is waited for cannot be had, and another beside takes none',
    scenario: {
      ...scenario(300, [
        {
          when: { at: 0 },
          do: 'subscribe',
          ...plain,
          address: 'carts/1',
          from: 'now',
          form: 'named',
          states: true,
        },
        { when: { at: 128 }, do: 'publish', topic: 'carts/1', count: 1 },
        { when: { at: 252 }, do: 'subscribe', ...plain, address: 'carts/1', from: 'now', form: 'named' },
      ]),
      settings: { ...settings, moods: ['is slow', 'fails'] },
    },
  },
  {
    what: 'a reset says that its topic goes on beyond the state of another, which is older than what the log holds',
    scenario: {
      ...scenario(30, [
        { when: { at: 0 }, do: 'publish', topic: 'stock/1', count: 1 },
        {
          when: { at: 0 },
          do: 'subscribe',
          ...plain,
          address: 'carts/1',
          from: 'now',
          back: 1,
          bare: true,
          states: true,
          client: 2,
        },
        {
          when: { on: 'handled', nth: 2, turns: 0 },
          do: 'subscribe',
          ...plain,
          address: 'orders/2',
          from: 'now',
          back: 2,
          states: true,
          client: 2,
        },
        { when: { at: 0 }, do: 'subscribe', ...plain, address: 'orders/*', from: 'now', back: 2 },
        { when: { at: 13 }, do: 'subscribe', ...plain, address: 'orders/2', from: 'now', back: 3, client: 2 },
        { when: { at: 23 }, do: 'publish', topic: 'orders/2', count: 2 },
        { when: { on: 'handler', nth: 1, turns: 0 }, do: 'trim', keep: 0 },
      ]),
      seed: 426350,
      settings: { ...settings, retry: 60000, cap: 30000, clients: 3, loses: true, moods: ['is slow'] },
    },
  },
  {
    what: 'a computer is put to sleep while it sleeps',
    scenario: {
      ...scenario(5000, [
        {
          when: { at: 0 },
          do: 'subscribe',
          ...plain,
          address: 'orders/2',
          from: 'now',
          back: 2,
          states: true,
        },
        { when: { on: 'fetch', nth: 1, turns: 0 }, do: 'sleep', for: 3600000, frozen: true },
        { when: { on: 'headers', nth: 1, turns: 0 }, do: 'sleep', for: 3600000, frozen: true },
      ]),
      seed: 435112,
      settings: { ...settings, heartbeat: 15013, moods: ['tells'] },
    },
  },
  {
    what: 'a state comes for who has left while the stream with it was opened, and is not for who stands further',
    scenario: {
      ...scenario(300, [
        { when: { at: 0 }, do: 'subscribe', ...plain, address: 'carts/1', from: 'cursor' },
        { when: { at: 67 }, do: 'subscribe', ...plain, address: 'carts/1', from: 'now', back: 3 },
        {
          when: { at: 219 },
          do: 'subscribe',
          ...plain,
          address: 'carts/1',
          from: 'now',
          back: 1,
          bare: true,
          states: true,
        },
        { when: { on: 'state', nth: 2, turns: 0 }, do: 'publish', topic: 'carts/1', count: 3 },
        { when: { on: 'pull', nth: 9, turns: 0 }, do: 'publish', topic: 'carts/1', count: 2 },
        { when: { on: 'handled', nth: 2, turns: 0 }, do: 'publish', topic: 'carts/1', count: 2 },
        { when: { at: 30 }, do: 'unsubscribe', client: 0, which: 1, how: 'close' },
        { when: { on: 'append', nth: 7, turns: 0 }, do: 'unsubscribe', client: 0, which: 1, how: 'abort' },
      ]),
      seed: 295574,
      settings: { ...settings, retry: 500, cap: 30000, loses: true, moods: ['tells'] },
    },
  },
  {
    what: 'the same, to somebody who takes no states',
    scenario: {
      ...scenario(40000, [
        {
          when: { at: 0 },
          do: 'subscribe',
          ...plain,
          address: 'carts/1',
          from: 'earliest',
          back: 4,
          form: 'named',
          bare: true,
          pace: { milliseconds: 700 },
        },
        {
          when: { at: 5944 },
          do: 'subscribe',
          ...plain,
          address: 'carts/1',
          from: 'now',
          form: 'iterator',
          states: true,
        },
        {
          when: { at: 16953 },
          do: 'subscribe',
          ...plain,
          address: 'carts/1',
          from: 'earliest',
          back: 4,
          states: true,
        },
        { when: { at: 23997 }, do: 'subscribe', ...plain, address: 'carts/1', from: 'now', back: 2 },
        { when: { on: 'state', nth: 2, turns: 0 }, do: 'publish', topic: 'carts/1', count: 1 },
        { when: { on: 'handled', nth: 2, turns: 0 }, do: 'unsubscribe', client: 0, which: 3, how: 'close' },
      ]),
      seed: 320239,
      settings: { ...settings, heartbeat: 15013, cap: 500, moods: ['tells'] },
    },
  },
  {
    what: 'the log loses what a stream had read before the feed had heard of it',
    scenario: {
      ...scenario(40000, [
        { when: { at: 0 }, do: 'publish', topic: 'orders/2', count: 1 },
        { when: { at: 0 }, do: 'subscribe', ...plain, address: 'orders/2', from: 'now', back: 1 },
        { when: { at: 11656 }, do: 'subscribe', ...plain, address: 'orders/2', from: 'earliest', back: 2 },
        { when: { on: 'pull', nth: 1, turns: 0 }, do: 'publish', topic: 'orders/2', count: 1 },
        { when: { at: 39988 }, do: 'lose', count: 1 },
      ]),
      seed: 331762,
      settings: { ...settings, retry: 2000, cap: 30000, wakes: 'lost', loses: true, moods: ['is slow'] },
    },
  },
  {
    what: 'a state stands for another record than what was had at its place',
    scenario: {
      ...scenario(30, [
        { when: { at: 0 }, do: 'subscribe', ...plain, address: 'carts/1', from: 'earliest', back: 2 },
        {
          when: { on: 'status', nth: 2, turns: 0 },
          do: 'subscribe',
          ...plain,
          address: 'carts/1',
          from: 'earliest',
          back: 1,
          form: 'named',
        },
        {
          when: { on: 'chunk', nth: 2, turns: 0 },
          do: 'subscribe',
          ...plain,
          address: 'orders/1',
          from: 'now',
          back: 2,
          states: true,
        },
        { when: { at: 21 }, do: 'publish', topic: 'stock/1', count: 1 },
        { when: { at: 1 }, do: 'publish', topic: 'carts/1', count: 1 },
        { when: { at: 18 }, do: 'cut', how: 'end' },
        { when: { at: 13 }, do: 'lose', count: 1 },
      ]),
      seed: 364323,
      settings: { ...settings, cap: 30000, loses: true, moods: ['is slow'] },
    },
  },
  {
    what: 'nobody knows the state that one waits for, beside another that begins at the oldest record',
    scenario: {
      ...scenario(40000, [
        { when: { at: 0 }, do: 'publish', topic: 'carts/1', count: 1 },
        {
          when: { at: 5783 },
          do: 'subscribe',
          ...plain,
          address: 'carts/1',
          from: 'earliest',
          back: 1,
          fails: 2,
        },
        {
          when: { on: 'error', nth: 1, turns: 0 },
          do: 'subscribe',
          ...plain,
          address: 'carts/1',
          from: 'now',
          back: 1,
        },
        {
          when: { on: 'handler', nth: 4, turns: 0 },
          do: 'subscribe',
          ...plain,
          address: 'carts/1',
          from: 'earliest',
          back: 3,
        },
        { when: { on: 'append', nth: 2, turns: 24 }, do: 'publish', topic: 'carts/1', count: 2 },
        { when: { on: 'answer', nth: 1, turns: 0 }, do: 'publish', topic: 'carts/1', count: 1 },
      ]),
      seed: 164088,
      settings: { ...settings, heartbeat: 15013, retry: 60000, moods: ['knows nothing'] },
    },
  },
  {
    what: 'the log loses what is being handled while the next stream is asked for',
    scenario: {
      ...scenario(300, [
        {
          when: { at: 273 },
          do: 'subscribe',
          ...plain,
          address: 'orders/*',
          from: 'cursor',
          states: true,
          client: 1,
        },
        {
          when: { at: 15 },
          do: 'subscribe',
          ...plain,
          address: 'orders/2',
          from: 'now',
          back: 3,
          pace: { milliseconds: 700 },
          client: 1,
        },
        { when: { at: 188 }, do: 'publish', topic: 'orders/2', count: 1 },
        { when: { at: 243 }, do: 'lose', count: 3 },
      ]),
      seed: 540389,
      settings: { ...settings, clients: 2, loses: true, moods: ['knows nothing'] },
    },
  },
  {
    what: 'a reset that is not asked for leads back behind what was acknowledged',
    scenario: {
      ...scenario(300, [
        { when: { at: 0 }, do: 'publish', topic: 'orders/1', count: 1 },
        {
          when: { at: 0 },
          do: 'subscribe',
          ...plain,
          address: 'orders/1',
          from: 'earliest',
          back: 1,
          form: 'named',
          bare: true,
          pace: { milliseconds: 20 },
          durable: 'one',
          ack: 'manual',
        },
        { when: { at: 111 }, do: 'lose', count: 1 },
        { when: { at: 82 }, do: 'reload', client: 0, killed: false },
      ]),
      seed: 12084,
      settings: {
        ...settings,
        heartbeat: 15013,
        retry: 500,
        loses: true,
        moods: ['knows nothing'],
        stores: 'slow',
      },
    },
  },
  {
    what: 'an event is acknowledged after its client was closed, with others in the same breath',
    scenario: {
      ...scenario(5000, [
        {
          when: { at: 0 },
          do: 'subscribe',
          ...plain,
          address: 'orders/2',
          from: 'earliest',
          back: 3,
          bare: true,
          states: true,
          pace: { turns: 8 },
          durable: 'other',
          ack: 'manual',
        },
        { when: { at: 3864 }, do: 'publish', topic: 'orders/2', count: 3 },
        { when: { on: 'answer', nth: 1, turns: 0 }, do: 'publish', topic: 'orders/2', count: 3 },
        { when: { at: 3288 }, do: 'publish', topic: 'orders/2', count: 2 },
        { when: { on: 'chunk', nth: 1, turns: 0 }, do: 'publish', topic: 'orders/2', count: 3 },
        { when: { on: 'handled', nth: 9, turns: 6 }, do: 'reload', client: 0, killed: true },
      ]),
      seed: 9681,
      settings: {
        ...settings,
        heartbeat: 997,
        retry: 500,
        loses: true,
        moods: ['is slow'],
        stores: 'at once',
      },
    },
  },
  {
    what: 'of three on a topic one comes from another life, and another has lost something in this one',
    scenario: {
      ...scenario(300, [
        { when: { at: 0 }, do: 'subscribe', ...plain, address: 'carts/1', from: 'now' },
        {
          when: { at: 73 },
          do: 'subscribe',
          ...plain,
          address: 'carts/1',
          from: 'cursor',
          back: 2,
          bare: true,
        },
        {
          when: { at: 207 },
          do: 'subscribe',
          ...plain,
          address: 'carts/1',
          from: 'now',
          back: 1,
          states: true,
        },
        { when: { at: 111 }, do: 'publish', topic: 'carts/1', count: 1 },
        { when: { at: 152 }, do: 'publish', topic: 'carts/1', count: 1 },
        { when: { at: 45 }, do: 'restart', down: 10, drain: 2000, epoch: true, keep: 1 },
        { when: { at: 192 }, do: 'trim', keep: 1 },
      ]),
      seed: 531078,
      settings: { ...settings, heartbeat: 997, retry: 500, cap: 30000, moods: ['tells'] },
    },
  },
  {
    what: 'a pattern is told of two shards at once',
    scenario: {
      ...scenario(5_000, [
        {
          when: { at: 0 },
          do: 'subscribe',
          ...plain,
          address: 'orders/*',
          from: 'now',
          pace: { milliseconds: 20 },
        },
        { when: { at: 200 }, do: 'restart', down: 10, drain: 0, epoch: true, keep: -1 },
      ]),
      settings: { ...settings, shards: 2 },
    },
  },
  {
    what: 'a state stands for what the log has lost, on a stream that begins with what was trimmed of another topic',
    scenario: {
      ...scenario(5_000, [
        { when: { at: 0 }, do: 'publish', topic: 'stock/1', count: 3 },
        { when: { at: 0 }, do: 'publish', topic: 'carts/1', count: 1 },
        { when: { at: 1 }, do: 'restart', down: 50, drain: 0, epoch: false, keep: 2 },
        { when: { at: 2 }, do: 'subscribe', ...plain, address: 'stock/1', from: 'cursor', back: 4 },
        { when: { at: 2 }, do: 'subscribe', ...plain, address: 'carts/1', from: 'cursor' },
        { when: { at: 10 }, do: 'lose', count: 1 },
        { when: { at: 3_000 }, do: 'publish', topic: 'carts/1', count: 2 },
      ]),
      settings: { ...settings, loses: true, moods: ['tells'] },
    },
  },
]
