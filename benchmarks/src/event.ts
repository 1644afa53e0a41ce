/** The event of every benchmark. As JSON it has 200 bytes, and the same number of digits whatever its values. */
export interface BenchmarkEvent {
  /** `marker` and seven digits: which event of its server this is. */
  readonly number: string
  /** When it was published, see `now`. */
  readonly sentAt: number
  readonly customer: string
  readonly status: 'placed' | 'shipped'
  readonly total: number
  readonly note: string
}

/**
 * Stands once in each event and nowhere else in a stream, so that counting it counts events, whatever is around them. No length of a
 * WebSocket's frame may hold a byte of this value, either.
 */
export const marker = '^'

/** What follows the marker, up to and with the last digit that is read. */
export const markedLength = '0000001","sentAt":1000000000000000'.length

/** Digits of the number, from the marker on. */
export const numberDigits = { from: 1, to: 8 } as const

/** Digits of the time, from the marker on. */
export const timeDigits = { from: '^0000001","sentAt":'.length, to: 1 + markedLength } as const

/** Length of an event's JSON, in bytes. */
export const eventBytes = 200

// So that there are always 16 digits, however long the machine has been up.
const epoch = 1_000_000_000_000_000

// Made once, because to make it anew for each event takes longer than to publish one.
const filling = 'x'.repeat(eventBytes - JSON.stringify(createEvent(1, '')).length)

/** Makes the next event. @param number from 1 up to 9,999,999 */
export function createEvent(number: number, note = filling): BenchmarkEvent {
  return {
    number: marker + String(number).padStart(7, '0'),
    sentAt: now(),
    customer: 'customer-7719',
    status: 'placed',
    total: 349.5,
    note,
  }
}

/** Microseconds on a clock that all processes of a machine share and that nobody sets. */
export function now(): number {
  return epoch + Math.floor(Number(process.hrtime.bigint() / 1_000n))
}
