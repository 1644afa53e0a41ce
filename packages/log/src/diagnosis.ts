/** One thing that a log, or what stands on it, was looked at for. */
export interface LogFinding {
  /**
   * - `ok`: as it should be.
   * - `warn`: it works, and promises less than one may think.
   * - `fault`: it does not work, or loses events.
   */
  readonly level: 'ok' | 'warn' | 'fault'
  /** What was looked at: a setting by its own name (`maxmemory-policy`), or one word (`retention`). */
  readonly subject: string
  /** What was found, and what comes of it. Holds no address, user or password. */
  readonly message: string
  /** What to change. */
  readonly cure?: string
}

/** How a log is used, as far as whoever asks knows. */
export interface LogUse {
  /** How long a stream lasts at most, in milliseconds. */
  readonly streamAge?: number
}

/** What there is to say of a log without `diagnose`. */
export const unknownLog: LogFinding = {
  level: 'warn',
  subject: 'log',
  message: 'The log does not say how its engine is set up',
  cure: 'Look at its settings yourself (docs/choosing-a-log.md)',
}

/** The longest that a client waits before it comes back, twice, in milliseconds: what is kept for a shorter time is of no use to it. */
const shortestUseful = 60_000

/** Judges how long a log keeps its records. @param maxAge in milliseconds; infinite where age is no limit */
export function retentionFinding(maxAge: number, { streamAge }: LogUse = {}): LogFinding {
  const subject = 'retention'
  const kept = `Records are kept for ${seconds(maxAge)}`
  if (maxAge === Number.POSITIVE_INFINITY) {
    return { level: 'ok', subject, message: 'Records are kept whatever their age, until there are too many' }
  }
  if (maxAge < shortestUseful) {
    return {
      level: 'fault',
      subject,
      message: `${kept}, and a client that lost its connection may wait for 30 s before each attempt: it would come back too late`,
      cure: 'Raise maxAge to the time that clients may be away (docs/choosing-a-log.md, "How much to keep")',
    }
  }
  if (streamAge !== undefined && streamAge > maxAge) {
    const lasts = Number.isFinite(streamAge) ? `up to ${seconds(streamAge)}` : 'without end'
    return {
      level: 'warn',
      subject,
      message: `${kept}, and streams last ${lasts}. The EventSource of Firefox and Safari does not move on with heartbeats, so on a quiet topic it comes back from a place that is gone`,
      cure: "Raise the log's maxAge above the server's, or lower the server's (docs/choosing-a-log.md, \"How much to keep\")",
    }
  }
  return { level: 'ok', subject, message: kept }
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1_000).toLocaleString('en')} s`
}
