import type { Level } from '@millrace/sample-contracts'

const words: Readonly<Record<string, Level>> = {
  trace: 'trace',
  verbose: 'trace',
  silly: 'trace',
  debug: 'debug',
  fine: 'debug',
  info: 'info',
  information: 'info',
  notice: 'info',
  log: 'info',
  warn: 'warn',
  warning: 'warn',
  error: 'error',
  err: 'error',
  severe: 'error',
  exception: 'error',
  fatal: 'fatal',
  critical: 'fatal',
  crit: 'fatal',
  alert: 'fatal',
  emerg: 'fatal',
  emergency: 'fatal',
  panic: 'fatal',
}

// One letter stands for a level only where nothing else could: glog's `E1121 04:16:41` at the very start.
const glogLetters: Readonly<Record<string, Level>> = {
  D: 'debug',
  I: 'info',
  W: 'warn',
  E: 'error',
  F: 'fatal',
}
const glog = /^([DIWEF])\d{4} \d\d:\d\d:\d\d/

const jsonLevel = /"(?:level|severity|lvl|levelname|log\.level)"\s*:\s*(?:"([A-Za-z]+)"|(\d+))/
const keyLevel = /(?:^|\s)(?:level|lvl|severity)=["']?([A-Za-z]+)/
// `"GET / HTTP/1.1" 404 …`, as the common and combined formats have it.
const accessStatus = /\] "(?:[^"\\]|\\.)*" ([1-5]\d\d) (?:\d+|-)/
const bracketed = /[[(<|]\s*([A-Za-z]{3,11})\s*[\])>|:]/g
// A bare word counts when it stands in capitals, or before a colon, near the start of the line.
const bareWord = /(?:^|[\s\]])(?:([A-Z]{3,11})(?=[\s:\]/]|$)|([A-Za-z]{3,11}):(?=\s))/g
const bareWordReach = 120
// `java.lang.IllegalStateException: …`, `TypeError: …`: the head of a stack trace.
const thrown = /^(?:Caused by: |Uncaught |Exception in thread .*? )?[\w.$]*(?:Error|Exception)(?::|$)/

/** Reads how loud a line is: from JSON, key=value, glog, an access log's status, or a word such as `[warn]`. */
export function detectLevel(text: string): Level {
  if (text.startsWith('{')) {
    const json = jsonLevel.exec(text)
    if (json?.[1] !== undefined) return words[json[1].toLowerCase()] ?? 'unknown'
    if (json?.[2] !== undefined) return numericLevel(Number(json[2]))
    return 'unknown'
  }
  const status = accessStatus.exec(text)?.[1]
  if (status !== undefined) return status >= '500' ? 'error' : status >= '400' ? 'warn' : 'info'
  const key = keyLevel.exec(text)?.[1]
  if (key !== undefined) return words[key.toLowerCase()] ?? 'unknown'
  const letter = glog.exec(text)?.[1]
  if (letter !== undefined) return glogLetters[letter] ?? 'unknown'
  if (thrown.test(text)) return 'error'
  const head = text.slice(0, bareWordReach)
  return firstWord(head, bracketed) ?? firstWord(head, bareWord) ?? 'unknown'
}

/** The numbers of pino and bunyan (10 to 60), else those of syslog (0 to 7). */
function numericLevel(level: number): Level {
  if (level >= 60) return 'fatal'
  if (level >= 50) return 'error'
  if (level >= 40) return 'warn'
  if (level >= 30) return 'info'
  if (level >= 20) return 'debug'
  if (level >= 10) return 'trace'
  return level <= 2 ? 'fatal' : level === 3 ? 'error' : level === 4 ? 'warn' : level <= 6 ? 'info' : 'debug'
}

function firstWord(text: string, pattern: RegExp): Level | undefined {
  for (const match of text.matchAll(pattern)) {
    const level = words[(match[1] ?? match[2] ?? '').toLowerCase()]
    if (level !== undefined) return level
  }
  return undefined
}
