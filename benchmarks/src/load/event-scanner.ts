import { markedLength, marker, numberDigits, timeDigits } from '../event.ts'

const markerByte = marker.charCodeAt(0)
const whole = 1 + markedLength

/** What a connection has received. */
export interface Tally {
  /** Events in all. */
  events: number
  /** Number of the last event; 0 before the first. */
  last: number
  /** Events that did not come in order. */
  disordered: number
  /** The start of an event whose rest has not come. */
  carry: Buffer | undefined
}

export const createTally = (): Tally => ({ events: 0, last: 0, disordered: 0, carry: undefined })

/**
 * Counts the events in some bytes, and sees whether each follows the one before. Nothing but the marker and the digits after it is
 * looked at, so that the generator costs less than the servers.
 *
 * @param step by which the numbers of a connection's events grow
 * @param onTime told when each event was published; not read when absent
 */
export function scanEvents(tally: Tally, chunk: Buffer, step: number, onTime?: (time: number) => void): void {
  const bytes = tally.carry === undefined ? chunk : Buffer.concat([tally.carry, chunk])
  tally.carry = undefined
  for (let at = bytes.indexOf(markerByte); at !== -1; at = bytes.indexOf(markerByte, at + whole)) {
    if (at + whole > bytes.length) {
      // A copy: the chunk's memory is used again.
      tally.carry = Buffer.from(bytes.subarray(at))
      return
    }
    const number = digits(bytes, at + numberDigits.from, at + numberDigits.to)
    if (tally.last !== 0 && number !== tally.last + step) tally.disordered += 1
    tally.last = number
    tally.events += 1
    if (onTime !== undefined) onTime(digits(bytes, at + timeDigits.from, at + timeDigits.to))
  }
}

function digits(bytes: Buffer, from: number, to: number): number {
  let value = 0
  for (let index = from; index < to; index += 1) value = value * 10 + (bytes[index] as number) - 48
  return value
}
