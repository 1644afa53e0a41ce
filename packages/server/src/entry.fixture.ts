import { Entry } from './entry.ts'

/** Counts what entries of these tests do. */
const meter = { traffic: { encoded: 0, delivered: 0, sentBytes: 0 } }

const options = {
  meter,
  onError(error: unknown) {
    throw error
  },
}

/** An entry at an offset. Nothing may go wrong with it. */
export function entryAt(offset: number, topic = 'orders/1', data = '{}', event = 'placed'): Entry {
  return new Entry('e1', { offset, topic, event, version: 1, time: 0, data }, options)
}
