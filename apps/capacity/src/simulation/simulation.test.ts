import { expect, test } from 'vitest'
import { readConstants } from '../constants.ts'
import { stormTime } from '../model/reconnects.ts'
import { simulateLogReaders } from './log-readers.ts'
import { simulateStorm } from './storm.ts'

const storm = { streams: 10_000, cost: 200, busy: 0.2, burst: 1_000, perSecond: 200, retry: 2 }

test('a seed always gives the same', () => {
  const run = (seed: number) => simulateStorm({ ...storm, nodes: 10, seed })
  expect(run(1)).toEqual(run(1))
  expect(run(1)).not.toEqual(run(2))
})

test('nobody gives up where the model says that answers come in time, and many do where it says they do not', () => {
  const open = { ...storm, burst: 10_000, perSecond: 1_000 }
  const gentle = { ...open, cost: 400 }
  expect(stormTime(gentle).queue).toBeLessThan(10)
  expect(simulateStorm({ ...gentle, nodes: 10, seed: 1 }).gaveUp).toBe(0)
  const harsh = { ...open, cost: 2_000 }
  expect(stormTime(harsh).queue).toBeGreaterThan(10)
  expect(simulateStorm({ ...harsh, nodes: 10, seed: 1 }).gaveUp).toBeGreaterThan(1_000)
})

test('more than an engine can give leaves its nodes behind', () => {
  const { append, read } = readConstants().engines.redis
  const most = 1e6 / (append.record + 10 * read.record)
  const run = { append, read, batch: 10, nodes: 10, seconds: 20, seed: 1 }
  expect(simulateLogReaders({ ...run, rate: 0.7 * most }).keepsUp).toBe(true)
  expect(simulateLogReaders({ ...run, rate: 1.5 * most }).keepsUp).toBe(false)
})
