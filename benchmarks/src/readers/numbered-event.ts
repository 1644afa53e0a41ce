import { type BenchmarkEvent, createEvent } from '../event.ts'

// Sixteen digits whatever the number, as all events have.
const first = 1_000_000_000_000_000

const template = JSON.stringify({ ...createEvent(1), sentAt: first })

/** An event as JSON whose number is read without reading a text. @param number from 0 up to 9,999,999 */
export function numberedJson(number: number): string {
  return template.replace(`${first}`, `${first + number}`)
}

/** The number of such an event. */
export function numberOf({ sentAt }: Pick<BenchmarkEvent, 'sentAt'>): number {
  return sentAt - first
}
