import { EventSource } from 'eventsource'
import type { Read } from './reader.ts'

export const read: Read = (url, take) => {
  const source = new EventSource(`${url}/events`)
  source.addEventListener('placed', ({ data }) => take(JSON.parse(data)))
}
