import { formatCount, formatLines } from './words.ts'

/** How many lines there are. */
export interface LineCounts {
  /** Let through by the filter. */
  readonly shown: number
  readonly held: number
  /** Dropped because the history was full. */
  readonly dropped: number
  /** How many can be held. */
  readonly limit: number
}

/** Says at the foot of the page how many lines one sees, and how many one does not. */
export function describeCounts({ shown, held, dropped, limit }: LineCounts): string {
  const seen = shown === held ? formatLines(held) : `${formatCount(shown)} of ${formatLines(held)}`
  if (dropped === 0) return seen
  return `${seen} · the newest ${formatCount(limit)} are kept, ${formatCount(dropped)} older ones are gone`
}
