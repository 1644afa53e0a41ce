import { stripVTControlCharacters } from 'node:util'
import type { Line } from '@millrace/sample-contracts'
import { detectLevel } from './level.ts'
import type { RawLine } from './line-splitter.ts'
import { readLineTime } from './line-time.ts'

/** Adds to a line what it tells of itself: its level and its time. Colour codes do not stand in the way. */
export function describeLine(raw: RawLine, options: { now: number; earlier: boolean }): Line {
  const plain = stripVTControlCharacters(raw.text)
  const time = readLineTime(plain, options.now)
  return {
    text: raw.text,
    level: detectLevel(plain),
    at: time === undefined ? null : new Date(time),
    byte: raw.byte,
    omitted: raw.omitted,
    earlier: options.earlier,
  }
}
