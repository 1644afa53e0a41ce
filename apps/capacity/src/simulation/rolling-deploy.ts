import type { Balancing } from '../model/rolling-deploy.ts'
import { randomOf } from './random.ts'

/** What became of a rolling deploy. */
export interface DeployRun {
  /** How often a stream moved, on average. */
  readonly moves: number
  /** Streams of the fullest node at any time, beside the mean. */
  readonly fullest: number
}

/** Drains one node after the other, and lets each of its streams go to another one. */
export function simulateDeploy(deploy: {
  readonly connections: number
  readonly nodes: number
  readonly balancing: Balancing
  readonly seed: number
}): DeployRun {
  const { connections, nodes, balancing, seed } = deploy
  const random = randomOf(seed)
  const loads = new Int32Array(nodes)
  for (let stream = 0; stream < connections; stream += 1) {
    const node = balancing === 'random' ? Math.floor(random() * nodes) : stream % nodes
    loads[node] = (loads[node] as number) + 1
  }
  let moves = 0
  let fullest = Math.max(...loads)
  for (let drained = 0; drained < nodes; drained += 1) {
    const streams = loads[drained] as number
    moves += streams
    // It comes back, empty, once all have gone.
    for (let stream = 0; stream < streams; stream += 1) {
      const node = balancing === 'random' ? anyBut(drained) : emptiestBut(drained)
      loads[node] = (loads[node] as number) + 1
    }
    loads[drained] = 0
    fullest = Math.max(fullest, ...loads)
  }
  return { moves: moves / connections, fullest: (fullest * nodes) / connections }

  function anyBut(node: number): number {
    const other = Math.floor(random() * (nodes - 1))
    return other < node ? other : other + 1
  }

  function emptiestBut(node: number): number {
    let emptiest = node === 0 ? 1 : 0
    for (let other = emptiest + 1; other < nodes; other += 1) {
      if (other !== node && (loads[other] as number) < (loads[emptiest] as number)) emptiest = other
    }
    return emptiest
  }
}
