import type { Logger } from './logger.ts'

/** What kind of line a logger is given. */
export interface LogLine {
  readonly level: keyof Logger
  readonly message: string
  /** Members of the object that goes with it. `count` says how many there were since the last such line. */
  readonly members: readonly string[]
}

/**
 * Every line that a server logs. Never a token, a cursor, an address of a client or a topic, or data: what stands in a line is of a fixed
 * list, a number, or an error. `docs/metrics.md` has the same table.
 */
export const logLines = {
  opened: { level: 'debug', message: 'stream opened', members: ['verdict'] },
  closed: { level: 'debug', message: 'stream closed', members: ['reason'] },
  refused: { level: 'debug', message: 'request refused', members: ['reason'] },
  ready: { level: 'info', message: 'ready', members: [] },
  draining: { level: 'info', message: 'draining', members: ['count'] },
  drained: { level: 'info', message: 'drained', members: ['cut'] },
  revoked: { level: 'info', message: 'rights revoked', members: ['count'] },
  notReady: { level: 'warn', message: 'not ready', members: ['reason'] },
  turnedAway: { level: 'warn', message: 'requests turned away', members: ['reason', 'count'] },
  cut: { level: 'warn', message: 'streams cut', members: ['reason', 'count'] },
  reset: { level: 'warn', message: 'streams reset', members: ['verdict', 'count'] },
  logFailed: { level: 'error', message: 'log failed', members: ['operation', 'count'] },
  failed: { level: 'error', message: 'error', members: ['err'] },
  moreFailed: { level: 'error', message: 'more errors', members: ['count'] },
} as const satisfies Readonly<Record<string, LogLine>>

export type LogLineName = keyof typeof logLines
