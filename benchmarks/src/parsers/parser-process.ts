import { answerCalls } from '../process-calls.ts'
import { startProfile } from '../profile.ts'
import type { Wire } from '../readers/names.ts'
import { numberedJson } from '../readers/numbered-event.ts'
import { wires } from '../readers/wires.ts'
import type { CreateParser } from './parser.ts'

// The process of the parser under measurement.

/** Events of one stream. */
const streamLength = 10_000

const methods = {
  /**
   * Parses streams one after the other, each by a parser of its own.
   *
   * @returns nanoseconds of CPU time for each event, and how many were not those that were written
   */
  async parse(parsing: {
    name: string
    wire: Wire
    chunk: number
    streams: number
    warmUp: number
    profile?: string
  }): Promise<{ cpu: number; wrong: number }> {
    const { name, wire, chunk, streams, warmUp, profile } = parsing
    const { create } = (await import(`./${name}.ts`)) as { create: CreateParser }
    const chunks = chunksOf(wire, chunk)
    const length = numberedJson(0).length
    let wrong = 0
    const run = () => {
      let count = 0
      const push = create((data, id) => {
        count += 1
        if (data.length !== length || !id) wrong += 1
      })
      for (const bytes of chunks) push(bytes)
      wrong += Math.abs(streamLength - count)
    }
    for (let stream = 0; stream < warmUp; stream += 1) run()
    const profiler = profile === undefined ? undefined : await startProfile()
    const begun = process.cpuUsage()
    for (let stream = 0; stream < streams; stream += 1) run()
    const { user, system } = process.cpuUsage(begun)
    if (profile !== undefined) await profiler?.stop(profile)
    return { cpu: ((user + system) * 1_000) / (streams * streamLength), wrong }
  },
}

/** What the process of a parser can be asked. */
export type ParserMethods = typeof methods

function chunksOf(wire: Wire, size: number): Uint8Array[] {
  const { frame } = wires[wire]
  const frames = Array.from({ length: streamLength }, (_, index) => frame(index + 1, numberedJson(index + 1)))
  const bytes = new TextEncoder().encode(frames.join(''))
  const chunks: Uint8Array[] = []
  // Each in memory of its own, as a network hands them out.
  for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.slice(at, at + size))
  return chunks
}

answerCalls(methods)
