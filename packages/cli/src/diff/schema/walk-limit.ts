import type { Levels } from '../level.ts'
import type { Walker } from './walker.ts'

/** Which way a limit lets more through. */
export type Direction = 'lower bound' | 'upper bound'

/** Compares a limit on each side. */
export function walkLimit(
  keyword: string,
  direction: Direction,
  [from, to]: readonly [number, number],
  pointer: string,
  { note }: Walker,
  levels: Partial<Levels> = {},
): void {
  if (from === to) return
  const none = direction === 'lower bound' ? 0 : Infinity
  const loosened = direction === 'lower bound' ? to < from : to > from
  note(loosened ? 'limit-loosened' : 'limit-tightened', pointer, tell(keyword, from, to, none), levels)
}

function tell(keyword: string, from: number, to: number, none: number): string {
  if (from === none) return `The limit "${keyword}" was added: ${to}`
  if (to === none) return `The limit "${keyword}" was removed; it was ${from}`
  return `The limit "${keyword}" changed from ${from} to ${to}`
}
