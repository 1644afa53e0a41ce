import { createEventServer, type EventServer } from '@millrace/server'
import { readyHandler } from '@millrace/server/health'
import { countingLog } from './counting-log.ts'
import { numbers } from './numbers.ts'
import { ToldStream } from './told-stream.ts'
import type { TroubledLog, TroubleHarness } from './trouble-harness.ts'

/** How long something may take that has to come, in milliseconds: an engine may have to begin again meanwhile. */
export const soon = { timeout: 30_000, interval: 10 }

/** Logs on an engine, servers on these, and streams from them, for one test after the other. */
export class TroubleStage {
  readonly harness: TroubleHarness
  readonly #logs: TroubledLog[] = []
  readonly #servers: EventServer[] = []
  readonly #streams: ToldStream[] = []
  #count = 0

  constructor(harness: TroubleHarness) {
    this.harness = harness
  }

  /** Ends all that is open. */
  async clear(): Promise<void> {
    for (const stream of this.#streams.splice(0)) stream.stop()
    await Promise.all(this.#servers.splice(0).map((events) => events.close({ drain: 0 })))
    await Promise.all(this.#logs.splice(0).map((log) => log.close()))
  }

  /** A name of a log that nobody has used. */
  newName(): string {
    this.#count += 1
    return `trouble-${this.#count}`
  }

  /** Opens the log of a name, as one process. */
  open(name: string, way: 'direct' | 'proxied' = 'direct'): TroubledLog {
    const log = this.harness.open(name, way)
    this.#logs.push(log)
    return log
  }

  /** A server on a log, which is begun as a process of its own would be. */
  serve(log: TroubledLog) {
    const counted = countingLog(log)
    const events = createEventServer({ contract: numbers, log: counted, onError: () => {} })
    this.#servers.push(events)
    const ready = readyHandler(events)
    const streams = this.#streams
    return {
      events,
      calls: counted.calls,
      say: async (number: number, line = 'a') =>
        (await events.publish(numbers.lines({ line }), 'said', { number }, { key: `${line}/${number}` })).id,
      async follow(line = 'a', cursor?: string): Promise<ToldStream> {
        const stream = await ToldStream.open(events, line, cursor)
        streams.push(stream)
        return stream
      },
      isReady: async () => (await ready(new Request('http://here/ready'))).status === 200,
    }
  }

  /** Serves the log of a name for as long as something takes, so that nobody else has it open. */
  async whileServed<Value>(
    name: string,
    act: (served: ReturnType<TroubleStage['serve']>, log: TroubledLog) => Promise<Value>,
  ): Promise<Value> {
    const log = this.open(name)
    const served = this.serve(log)
    try {
      return await act(served, log)
    } finally {
      await served.events.close({ drain: 0 })
      await log.close()
    }
  }

  /** What is told to who comes back to a new process with a cursor, up to an event that is published then. */
  comeBack(name: string, cursor: string | undefined, next: number): Promise<readonly string[]> {
    return this.whileServed(name, async ({ follow, say }) => {
      const stream = await follow('a', cursor)
      await stream.count(1)
      await say(next)
      return [...(await stream.until(`${next}`))]
    })
  }
}
