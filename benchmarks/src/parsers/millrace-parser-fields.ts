import { SseParser } from '@millrace/protocol'
import type { CreateParser } from './parser.ts'

export const create: CreateParser = (take) => {
  // What the client asks for.
  const parser = new SseParser({ extensionFields: ['topic', 'time', 'version', 'trace', 'at'] })
  return (chunk) => {
    parser.push(chunk)
    for (let item = parser.next(); item; item = parser.next()) {
      if ('event' in item) take(item.data, item.fields.topic && item.lastEventId)
    }
  }
}
