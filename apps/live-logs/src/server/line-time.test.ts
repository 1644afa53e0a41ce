import { expect, it } from 'vitest'
import { readLineTime } from './line-time.ts'

const now = Date.UTC(2026, 10, 21, 12)
const local = (...parts: [number, number, number, number, number, number]) => new Date(...parts).getTime()

it.each([
  ['2026-11-21T04:16:41.250Z started', Date.UTC(2026, 10, 21, 4, 16, 41, 250)],
  ['[2026-11-21 04:16:41,250+02:00] started', Date.UTC(2026, 10, 21, 2, 16, 41, 250)],
  ['2026-11-21 04:16:41 DEBUG started', local(2026, 10, 21, 4, 16, 41)],
  ['::1 - - [21/Nov/2026:04:16:41 +0100] "GET / HTTP/1.1" 200 5', Date.UTC(2026, 10, 21, 3, 16, 41)],
  ['2026/11/21 04:16:41 [error] 31#31: no', local(2026, 10, 21, 4, 16, 41)],
  ['{"level":30,"time":1763698601123,"msg":"x"}', 1763698601123],
  ['{"ts":1763698601.5,"msg":"x"}', 1763698601500],
  ['{"time":"2026-11-21T04:16:41Z"}', Date.UTC(2026, 10, 21, 4, 16, 41)],
  ['Nov  1 04:16:41 host sshd[1]: no', local(2026, 10, 1, 4, 16, 41)],
  ['Dec 31 23:59:59 host cron: last year', local(2025, 11, 31, 23, 59, 59)],
  ['no time at all', undefined],
  ['2026-13-45T99:99:99Z nonsense', undefined],
  ['', undefined],
])('%s', (text, time) => {
  expect(readLineTime(text, now)).toBe(time)
})
