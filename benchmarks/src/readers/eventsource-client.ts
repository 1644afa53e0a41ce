import { createEventSource } from 'eventsource-client'
import type { Read } from './reader.ts'

export const read: Read = (url, take) => {
  createEventSource({ url: `${url}/events`, onMessage: ({ data }) => take(JSON.parse(data)) })
}
