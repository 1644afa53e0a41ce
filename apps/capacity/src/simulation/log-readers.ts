import type { StepCosts } from '../measured.ts'
import { randomOf } from './random.ts'

/** How a log's readers fared. */
export interface LogReadersRun {
  /** How late events were at the nodes, in seconds: 99 in a hundred of what a read brought at most. */
  readonly delay: number
  /** Whether the nodes kept up: at the end none was more than a second behind. */
  readonly keepsUp: boolean
  /** Reads of each node a second. */
  readonly reads: number
}

const pageLength = 1_000

/**
 * An engine that does one thing after the other, appends that come at random, and nodes that each have one read under way at most: an append wakes
 * all of them, and who is reading reads again.
 */
export function simulateLogReaders(run: {
  readonly append: StepCosts
  readonly read: StepCosts
  readonly rate: number
  readonly batch: number
  readonly nodes: number
  readonly seconds: number
  readonly seed: number
}): LogReadersRun {
  const { append, read, rate, batch, nodes, seconds, seed } = run
  const random = randomOf(seed)
  // Of each node: how far it has read, and whether it has asked.
  const position = new Int32Array(nodes)
  const asking = new Uint8Array(nodes)
  // When each append was done, for its records.
  const doneAt: number[] = []
  // Nodes by number, and -1 for an append.
  const jobs: number[] = []
  const delays: number[] = []
  let reads = 0
  let nextAppend = 0
  let now = 0
  for (let job = 0; now < seconds; ) {
    if (job === jobs.length) now = Math.max(now, nextAppend)
    while (nextAppend <= now) {
      jobs.push(-1)
      nextAppend += ((0.5 + random()) * batch) / rate
    }
    const node = jobs[job++] as number
    if (node < 0) {
      now += (append.step + batch * append.record) / 1e6
      doneAt.push(now)
      for (let woken = 0; woken < nodes; woken += 1) ask(woken)
      continue
    }
    const from = position[node] as number
    const to = Math.min(doneAt.length, from + Math.max(1, Math.floor(pageLength / batch)))
    now += (read.step + (to - from) * batch * read.record) / 1e6
    if (to > from) delays.push(now - (doneAt[from] as number))
    reads += 1
    position[node] = to
    asking[node] = 0
    // What came meanwhile has woken it.
    if (to < doneAt.length) ask(node)
  }
  const behind = Math.max(...position.map((read) => doneAt.length - read)) * batch
  delays.sort((left, right) => left - right)
  const delay = delays[Math.floor(0.99 * delays.length)] ?? Number.POSITIVE_INFINITY
  return { delay, keepsUp: behind <= rate, reads: reads / nodes / seconds }

  function ask(node: number): void {
    if (asking[node] === 1) return
    asking[node] = 1
    jobs.push(node)
  }
}
