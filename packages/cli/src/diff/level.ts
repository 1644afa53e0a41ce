/** How much a change asks of somebody. `none` where it does not concern them. */
export type Level = 'none' | 'patch' | 'minor' | 'major'

/** A level for each of those whom a change may concern. */
export interface Levels {
  /** Old clients, which read what new servers send. */
  readonly wire: Level
  /** TypeScript code that publishes and subscribes, compiled anew. */
  readonly source: Level
  /** Old records of a log, read by new clients. */
  readonly replay: Level
}

const order: readonly Level[] = ['none', 'patch', 'minor', 'major']

/** The highest of the three. */
export function overallOf({ wire, source, replay }: Levels): Level {
  return highest([wire, source, replay])
}

export function highest(levels: readonly Level[]): Level {
  return order[Math.max(0, ...levels.map((level) => order.indexOf(level)))] ?? 'none'
}
