import type { Topic } from '@millrace/contract'
import type { Clock } from '../clock.ts'
import { letGo } from '../let-go.ts'
import type { NewEvent } from './publication.ts'
import type { Source } from './sources.ts'

// How long a source that failed is left alone, in milliseconds: twice as long each time, up to a bound. One that ran for longer than
// that has not failed again.
const backoff = { base: 1_000, cap: 30_000 }

/** How long a source that was told to stop may take until the next one begins without it, in milliseconds. */
const patience = 5_000

interface SourceRunOptions {
  readonly topic: Topic
  readonly source: Source
  /** Milliseconds. */
  readonly grace: number
  readonly clock: Clock
  readonly random: () => number
  readonly onError: (error: unknown) => void
  readonly publish: (event: NewEvent) => Promise<unknown>
  readonly hasEnded: () => boolean
  /** Called when nobody wants it and nothing of it runs. */
  readonly onIdle: () => void
}

/** The source of one topic: it runs while somebody wants the topic, one at a time. */
export class SourceRun {
  readonly #options: SourceRunOptions
  #wanted = 0
  #controller: AbortController | undefined
  // Resolves when what was begun last is over.
  #stopping: Promise<void> = Promise.resolve()
  #cancel: (() => void) | undefined

  constructor(options: SourceRunOptions) {
    this.#options = options
  }

  /** Whether it runs, or waits to begin again after it failed. */
  get active(): boolean {
    return this.#controller !== undefined
  }

  join(): void {
    this.#wanted += 1
    if (this.#wanted > 1) return
    this.#cancelWait()
    if (this.#controller === undefined) this.#start()
  }

  leave(): void {
    this.#wanted -= 1
    if (this.#wanted > 0) return
    const { clock, grace } = this.#options
    this.#cancelWait()
    this.#cancel = clock.after(grace, () => this.stop())
  }

  /** Stops it, whoever wants it. */
  stop(): void {
    this.#wanted = 0
    this.#cancelWait()
    this.#controller?.abort()
    this.#controller = undefined
    void this.#stopping.then(() => {
      if (this.#wanted === 0 && this.#controller === undefined) this.#options.onIdle()
    })
  }

  #start(): void {
    const controller = new AbortController()
    this.#controller = controller
    this.#stopping = this.#run(controller, this.#stopping).then(() => {
      // It has said all that it had to say. Who comes when nobody was there lets it begin again.
      if (this.#controller === controller) this.#controller = undefined
    })
  }

  // Fails, waits, and begins again, until it is told to stop or has nothing more to say.
  async #run({ signal }: AbortController, before: Promise<void>): Promise<void> {
    const { clock, random, onError, hasEnded } = this.#options
    await this.#patiently(before)
    for (let failures = 0; !signal.aborted && !hasEnded(); failures += 1) {
      const begun = clock.now()
      try {
        await this.#publishAll(signal)
        return
      } catch (error) {
        // What fails because it was stopped has not failed.
        if (signal.aborted) return
        onError(error)
      }
      if (clock.now() - begun > backoff.cap) failures = 0
      const most = Math.min(backoff.base * 2 ** Math.min(failures, 10), backoff.cap)
      await this.#pause(most / 2 + (random() * most) / 2, signal)
    }
  }

  async #publishAll(signal: AbortSignal): Promise<void> {
    const { source, topic, publish } = this.#options
    const { params, address } = topic
    const iterable = source({ params, address, signal })
    if (typeof iterable?.[Symbol.asyncIterator] !== 'function') {
      letGo(iterable)
      throw new TypeError(
        `The source of "${address}" gives nothing to iterate over: make it an async function*`,
      )
    }
    const events = iterable[Symbol.asyncIterator]()
    try {
      while (!signal.aborted) {
        const next = await events.next()
        // What it has to say after it was stopped is nobody's: another one may have begun.
        if (next.done === true || signal.aborted) return
        await publish(next.value)
      }
    } finally {
      // Its own way to the end, which may fail as well.
      await events.return?.()
    }
  }

  #pause(milliseconds: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        cancel()
        signal.removeEventListener('abort', done)
        resolve()
      }
      const cancel = this.#options.clock.after(milliseconds, done)
      signal.addEventListener('abort', done)
    })
  }

  // Two at once would publish everything twice, but one that does not obey must not keep the topic silent for ever.
  #patiently(before: Promise<void>): Promise<void> {
    const { clock, onError, topic } = this.#options
    return new Promise((resolve) => {
      const cancel = clock.after(patience, () => {
        onError(new Error(`The source of "${topic.address}" does not stop when its signal is aborted`))
        resolve()
      })
      void before.then(() => {
        cancel()
        resolve()
      })
    })
  }

  #cancelWait(): void {
    this.#cancel?.()
    this.#cancel = undefined
  }
}
