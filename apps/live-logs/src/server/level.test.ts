import { expect, it } from 'vitest'
import { detectLevel } from './level.ts'

it.each([
  ['{"level":30,"time":1763698601000,"msg":"listening"}', 'info'],
  ['{"level":50,"msg":"no"}', 'error'],
  ['{"level":60,"msg":"gone"}', 'fatal'],
  ['{"ts":1,"level":"warn","msg":"slow"}', 'warn'],
  ['{"severity":"CRITICAL","message":"x"}', 'fatal'],
  ['{"level":3,"msg":"syslog number"}', 'error'],
  ['{"msg":"an [error] in text is not a level"}', 'unknown'],
  ['127.0.0.1 - - [21/Nov/2026:04:16:41 +0000] "GET / HTTP/1.1" 200 612 "-" "curl/8"', 'info'],
  ['127.0.0.1 - - [21/Nov/2026:04:16:41 +0000] "GET /error HTTP/1.1" 404 12 "-" "curl/8"', 'warn'],
  ['127.0.0.1 - - [21/Nov/2026:04:16:41 +0000] "POST /pay HTTP/2.0" 502 0 "-" "-"', 'error'],
  ['2026/11/21 04:16:41 [error] 31#31: *4 connect() failed', 'error'],
  ['[2026-11-21T04:16:41Z] [WARN] disk at 91 %', 'warn'],
  ['2026-11-21 04:16:41,120 DEBUG [main] o.s.Boot - started', 'debug'],
  ['Nov 21 04:16:41 host kernel: warning: something', 'warn'],
  ['level=error msg="no such key"', 'error'],
  ['time="2026-11-21" level=fatal', 'fatal'],
  ['E1121 04:16:41.000001 7 main.cc:3] broken', 'error'],
  ['TypeError: x is not a function', 'error'],
  ['Caused by: java.io.IOException: reset', 'error'],
  ['    at Object.<anonymous> (/srv/app.js:1:2)', 'unknown'],
  ['we sell information and log cabins', 'unknown'],
  ['', 'unknown'],
] as const)('%s is %s', (text, level) => {
  expect(detectLevel(text)).toBe(level)
})

it('stays linear on a long line of brackets and capitals', () => {
  const before = process.cpuUsage()
  detectLevel('[A"B C('.repeat(2340))
  detectLevel(`"GET ${'"GET '.repeat(3000)}`)
  expect(process.cpuUsage(before).user / 1_000).toBeLessThan(2000)
})
