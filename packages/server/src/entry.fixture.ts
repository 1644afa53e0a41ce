import { Entry } from './entry.ts'

/** An entry at an offset. Nothing may go wrong with it. */
export function entryAt(offset: number, topic = 'orders/1', data = '{}', event = 'placed'): Entry {
  return new Entry('e1', { offset, topic, event, version: 1, time: 0, data }, (error) => {
    throw error
  })
}
