import type { Clock } from '../clock.ts'
import { bareError } from './bare-error.ts'
import { type LogLineName, logLines } from './log-lines.ts'
import type { Logger } from './logger.ts'
import type { CounterName } from './meter.ts'
import type { CloseCause, RefusalCause } from './server-stats.ts'

/** How long what happens again and again is gathered into one line, in milliseconds. */
const gatherFor = 10_000

/** Errors of that time that get a line each. */
const mostErrors = 10

// Ends that somebody should look into. The others belong to the day.
const troubledEnds: ReadonlySet<CloseCause> = new Set(['stalled', 'bufferedBytes', 'overload', 'failure'])

// Refusals that are the asker's own affair, or that somebody else is told of.
const calmRefusals: ReadonlySet<RefusalCause> = new Set([
  'request',
  'unauthorized',
  'forbidden',
  'topics',
  'requestBytes',
  'cursorBytes',
  'eventBytes',
  'snapshotBytes',
  'drain',
])

type Members = Readonly<Record<string, unknown>>

interface Gathering {
  count: number
  readonly tell: () => void
  readonly cancel: () => void
}

/** Writes what happens into a logger. What comes in storms is gathered, so that the log is not one, too. */
export class Journal {
  readonly #logger: Logger
  readonly #clock: Clock
  // How many of a kind have not been told yet, and when to tell them.
  readonly #gathered = new Map<string, Gathering>()
  #errors = 0

  constructor(logger: Logger, clock: Clock) {
    this.#logger = logger
    this.#clock = clock
  }

  /** Tells of what a meter counts, as far as it is worth a line. */
  count(name: CounterName, label: string): void {
    if (name === 'resumes') this.write('opened', { verdict: label })
    else if (name === 'resets') this.#gather('reset', { verdict: label })
    else if (name === 'logErrors') this.#gather('logFailed', { operation: label })
    else if (name === 'closed') {
      if (troubledEnds.has(label as CloseCause)) this.#gather('cut', { reason: label })
      else this.write('closed', { reason: label })
    } else if (name === 'refused') {
      if (calmRefusals.has(label as RefusalCause)) this.write('refused', { reason: label })
      else this.#gather('turnedAway', { reason: label })
    }
  }

  /** Tells of an error, bared of what it carries besides. */
  error(error: unknown): void {
    let gathering = this.#gathered.get('errors')
    if (gathering === undefined) {
      this.#errors = 0
      gathering = this.#open('errors', (count) => this.write('moreFailed', { count }))
    }
    this.#errors += 1
    if (this.#errors <= mostErrors) this.write('failed', { err: bareError(error) })
    else gathering.count += 1
  }

  /** Writes a line once the job is done in which it came up: a logger must not act in the middle of it. */
  write(name: LogLineName, members: Members = {}): void {
    const { level, message } = logLines[name]
    queueMicrotask(() => {
      try {
        this.#logger[level](members, message)
      } catch {
        // Nobody is left to tell, and as an uncaught exception it would end the process.
      }
    })
  }

  /** Tells what was gathered, at the end. */
  close(): void {
    for (const { tell, cancel } of this.#gathered.values()) {
      cancel()
      tell()
    }
    this.#gathered.clear()
  }

  // The first is told at once.
  #gather(name: LogLineName, members: Members): void {
    const key = JSON.stringify([name, members])
    const gathering = this.#gathered.get(key)
    if (gathering !== undefined) {
      gathering.count += 1
      return
    }
    this.write(name, { ...members, count: 1 })
    this.#open(key, (count) => this.write(name, { ...members, count }))
  }

  #open(key: string, write: (count: number) => void): Gathering {
    const gathering: Gathering = {
      count: 0,
      tell: () => {
        if (gathering.count > 0) write(gathering.count)
      },
      cancel: this.#clock.after(gatherFor, () => {
        this.#gathered.delete(key)
        gathering.tell()
      }),
    }
    this.#gathered.set(key, gathering)
    return gathering
  }
}
