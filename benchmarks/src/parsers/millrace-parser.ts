import { SseParser } from '@millrace/protocol'
import type { CreateParser } from './parser.ts'

export const create: CreateParser = (take) => {
  const parser = new SseParser()
  return (chunk) => {
    parser.push(chunk)
    for (let item = parser.next(); item; item = parser.next()) {
      if ('event' in item) take(item.data, item.lastEventId)
    }
  }
}
