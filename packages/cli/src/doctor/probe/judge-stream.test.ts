import { expect, it } from 'vitest'
import { judgeStream } from './judge-stream.ts'
import type { Sight } from './watch.ts'

const quiet: Sight = {
  firstFrame: 3,
  firstEvent: 'millrace.open',
  open: { verdict: 'fresh', heartbeat: 15_000 },
  arrivals: [],
  bye: undefined,
  ended: undefined,
  watched: 35_000,
}
const at = (time: number, beats = 0, times: readonly number[] = []) => ({ at: time, beats, times })

it.each<[string, Sight['arrivals'], string, string]>([
  ['heartbeats that come at their time', [at(3), at(9_000, 1), at(24_000, 1)], 'arrival', 'ok'],
  ['one that comes late, as one may', [at(3), at(19_900, 1), at(34_000, 1)], 'arrival', 'ok'],
  ['one that never came', [at(3), at(9_000, 1)], 'arrival', 'fault'],
  ['two that come together', [at(3), at(19_000, 2), at(34_000, 1)], 'lumps', 'fault'],
  [
    'events that come together, after a silence in which they were sent',
    [at(3), at(10_000, 1), at(18_000, 0, [111_000, 112_500, 118_000]), at(25_000, 1)],
    'lumps',
    'fault',
  ],
])('%s', (_, arrivals, subject, level) => {
  expect(judgeStream({ ...quiet, arrivals })).toContainEqual(expect.objectContaining({ subject, level }))
})

it.each<[string, Sight['arrivals']]>([
  ['of servers whose clocks differ', [at(3), at(10_000), at(10_200, 0, [110_200, 117_000]), at(24_000, 1)]],
  ['of one moment', [at(3), at(10_000, 1, [110_000, 110_001, 110_900]), at(24_000, 1)]],
  ['that came with the first block', [at(3, 1, [100_000, 109_000]), at(14_000, 1), at(29_000, 1)]],
])('takes events for no lump %s', (_, arrivals) => {
  const subjects = judgeStream({ ...quiet, arrivals }).map(({ subject }) => subject)
  expect(subjects).toEqual(['first frame', 'heartbeat', 'arrival'])
})

it.each([
  [150, 'ok', '3 ms after the head'],
  [204, 'warn', '0.2 s late'],
  [2_500, 'warn', '2.5 s late'],
])('says of a first block that is %i ms late: %s', (delay, level, message) => {
  const arrivals = [at(3), at(9_000, 1), at(24_000, 1)]
  expect(judgeStream({ ...quiet, arrivals }, delay)[0]).toMatchObject({
    level,
    message: expect.stringContaining(message),
  })
})
