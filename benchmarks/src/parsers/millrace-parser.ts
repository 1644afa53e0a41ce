import { SseParser } from '@millrace/protocol'
import type { CreateParser } from './parser.ts'

export const create: CreateParser = (take) => {
  const parser = new SseParser({ message: ({ data, lastEventId }) => take(data, lastEventId) })
  return (chunk) => parser.push(chunk)
}
