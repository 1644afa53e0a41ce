import { answerCalls } from '../process-calls.ts'
import { startProfile } from '../profile.ts'
import { numberOf } from './numbered-event.ts'
import type { Read } from './reader.ts'

// The process of the client under measurement.

/** What reading took. */
export interface Reading {
  /** CPU time of all threads for each event, in microseconds. */
  readonly cpu: number
  /** Events that came twice or out of order. */
  readonly disordered: number
}

const methods = {
  /** Reads all events that there are, and measures from the end of the warm-up on. */
  async read(reading: {
    name: string
    url: string
    warmUp: number
    events: number
    profile?: string
  }): Promise<Reading> {
    const { name, url, warmUp, events, profile } = reading
    const { read } = (await import(`./${name}.ts`)) as { read: Read }
    const profiler = profile === undefined ? undefined : await startProfile()
    const result = await new Promise<Reading>((resolve) => {
      let count = 0
      let disordered = 0
      let begun: NodeJS.CpuUsage
      read(url, (event) => {
        count += 1
        if (numberOf(event) !== count) disordered += 1
        if (count === warmUp) begun = process.cpuUsage()
        if (count !== events) return
        const { user, system } = process.cpuUsage(begun)
        resolve({ cpu: (user + system) / (events - warmUp), disordered })
      })
    })
    if (profile !== undefined) await profiler?.stop(profile)
    return result
  },
}

/** What the process of a client can be asked. */
export type ReaderMethods = typeof methods

answerCalls(methods)
