import type { Settings } from '../options.ts'
import type { Publication } from '../publish/record.ts'
import type { Answer, Call } from '../request/call.ts'
import type { StreamPlacement } from '../session/lane-placement.ts'
import type { EventInFlight, Instrumentation } from './instrumentation.ts'
import type { Journal } from './journal.ts'
import {
  type CounterName,
  Counters,
  type HistogramName,
  type LabelOf,
  type Meter,
  type MeterStats,
  type Traffic,
} from './meter.ts'
import type { UnreadyReason } from './readiness.ts'
import type { ServerStats } from './server-stats.ts'
import { readTraceparent } from './trace-context.ts'
import { watchLog } from './watched-log.ts'

/** Settings whose log is watched, and who watches. */
export interface WatchedSettings extends Settings {
  readonly monitor: Monitor
}

/** Sees to it that what happens is counted, logged and traced, as far as that was asked for. */
export function watchSettings(settings: Settings): WatchedSettings {
  const monitor = new Monitor(settings)
  const log = watchLog(settings.log, (operation) => monitor.count('logErrors', operation))
  return { ...settings, log, monitor }
}

/** The one that is told of what happens, and that all who want to see it are served from. */
export class Monitor implements Meter {
  readonly traffic: Traffic
  readonly journal: Journal | undefined
  readonly #counters: Counters
  readonly #instrumentation: Instrumentation | undefined
  readonly #onError: (error: unknown) => void
  #unwatch: (() => void) | undefined

  constructor({ contract, instrumentation, journal, onError }: Settings) {
    const channels = Object.values(contract['~contract'].channels)
    this.#counters = new Counters(channels.map(({ path }) => path))
    this.traffic = this.#counters.traffic
    this.journal = journal
    this.#instrumentation = instrumentation
    this.#onError = onError
  }

  /** Lets those who watch from without see the numbers, until `close`. */
  open(stats: () => ServerStats): void {
    this.#unwatch = this.#instrumentation?.watch(stats)
  }

  close(): void {
    this.#guard(() => this.#unwatch?.())
    this.#unwatch = undefined
    this.journal?.close()
  }

  count<Name extends CounterName>(name: Name, label: LabelOf<Name>): void {
    this.#counters.count(name, label)
    this.journal?.count(name, label)
  }

  countPublished(channel: string): void {
    this.#counters.countPublished(channel)
  }

  measure(name: HistogramName, value: number): void {
    this.#counters.measure(name, value)
    // In the middle of a delivery, which must not suffer for it.
    if (this.#instrumentation !== undefined) this.#guard(() => this.#instrumentation?.measure(name, value))
  }

  read(): MeterStats {
    return this.#counters.read()
  }

  /** Counts a stream that begins. */
  countStart({ verdict, parts }: Pick<StreamPlacement, 'verdict' | 'parts'>): void {
    this.count('resumes', verdict)
    let depth = 0
    for (const { placement } of parts) depth += placement.head.offset - placement.position.offset
    // Who asks for what comes now has no past.
    if (verdict !== 'fresh' || depth > 0) this.measure('replayDepth', depth)
  }

  tellReady(reason: UnreadyReason | undefined): void {
    if (reason === undefined) this.journal?.write('ready')
    else this.journal?.write('notReady', { reason })
  }

  /** Whether somebody sees each publication. */
  get isWatched(): boolean {
    return this.#instrumentation !== undefined
  }

  /** Publishes. @param run takes the trace that those events are given which have none of their own */
  publish<Result>(
    publications: readonly Publication[],
    run: (trace: string | undefined) => Promise<Result>,
  ): Promise<Result> {
    const instrumentation = this.#instrumentation
    return instrumentation === undefined ? run(undefined) : publishWatched(instrumentation, publications, run)
  }

  /** Answers a request for a stream. */
  answer(call: Pick<Call, 'header'>, run: () => Answer | Promise<Answer>): Answer | Promise<Answer> {
    if (this.#instrumentation === undefined) return run()
    return Promise.resolve(
      this.#instrumentation.open(
        (name) => call.header(name),
        async () => run(),
      ),
    )
  }

  #guard(task: () => void): void {
    try {
      task()
    } catch (error) {
      this.#onError(error)
    }
  }
}

// Asynchronous, so that whatever is wrong rejects. What is no event at all is refused by the publication itself.
async function publishWatched<Result>(
  instrumentation: Instrumentation,
  publications: readonly Publication[],
  run: (trace: string | undefined) => Promise<Result>,
): Promise<Result> {
  const events = publications.map(describeEvent)
  return events.length === 0 ? run(undefined) : instrumentation.publish(events, run)
}

// Callers without types may publish anything.
function describeEvent(publication: Partial<Publication> | undefined): EventInFlight {
  const { topic, name = '', trace } = publication ?? {}
  return { channel: topic?.channel?.path, name: String(name), trace: readTraceparent(trace) }
}
