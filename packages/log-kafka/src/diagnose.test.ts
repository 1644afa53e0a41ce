import { expect, it } from 'vitest'
import { judgeTopic, type TopicSight } from './diagnose.ts'

const day = 86_400_000

const sound: TopicSight = {
  settings: new Map([
    ['cleanup.policy', 'delete'],
    ['min.insync.replicas', '2'],
    ['retention.ms', `${7 * day}`],
    ['max.message.bytes', '1048588'],
    ['unclean.leader.election.enable', 'false'],
  ]),
  replicas: 3,
  inSync: 3,
  brokers: 3,
}
const wrong = (sight: TopicSight, maxAge = Number.POSITIVE_INFINITY) =>
  judgeTopic(sight, maxAge, { streamAge: 3_600_000 })
    .filter(({ level }) => level !== 'ok')
    .map(({ level, subject }) => [level, subject])
const withSetting = (name: string, value: string) => ({
  ...sound,
  settings: new Map([...(sound.settings ?? []), [name, value]]),
})

it('finds nothing wrong with a topic on three brokers of which two have everything', () => {
  expect(judgeTopic(sound, Number.POSITIVE_INFINITY).map(({ level, subject }) => [level, subject])).toEqual([
    ['ok', 'cleanup.policy'],
    ['ok', 'replicas'],
    ['ok', 'min.insync.replicas'],
    ['ok', 'retention'],
  ])
})

it.each([
  ['cleanup.policy', 'compact', 'fault', 'cleanup.policy'],
  ['min.insync.replicas', '1', 'warn', 'min.insync.replicas'],
  ['unclean.leader.election.enable', 'true', 'warn', 'unclean.leader.election.enable'],
  ['max.message.bytes', '100000', 'fault', 'max.message.bytes'],
  ['retention.ms', '1000', 'fault', 'retention'],
  ['retention.ms', '3599999', 'warn', 'retention'],
])('finds %s to be %s', (name, value, level, subject) => {
  expect(wrong(withSetting(name, value))).toEqual([[level, subject]])
})

it('holds the log’s own maxAge against how long streams last, where it is shorter', () => {
  expect(wrong(withSetting('retention.ms', '-1'))).toEqual([])
  expect(wrong(withSetting('retention.ms', '-1'), 3_599_999)).toEqual([['warn', 'retention']])
})

it('counts brokers', () => {
  expect(wrong({ ...sound, replicas: 1, inSync: 1, brokers: 3 })).toEqual([
    ['warn', 'replicas'],
    ['fault', 'min.insync.replicas'],
  ])
  expect(wrong({ ...sound, inSync: 1 })).toEqual([['fault', 'min.insync.replicas']])
})

it('says that it is not told', () => {
  expect(wrong({ ...sound, settings: undefined })).toEqual([['warn', 'settings']])
})
