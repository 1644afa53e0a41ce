import { SseParser } from '@millrace/protocol'
import type { CreateParser } from './parser.ts'

export const create: CreateParser = (take) => {
  const parser = new SseParser(
    { message: ({ data, lastEventId, fields }) => take(data, fields.topic && lastEventId) },
    // What the client asks for.
    { extensionFields: ['topic', 'time', 'version', 'trace', 'at'] },
  )
  return (chunk) => parser.push(chunk)
}
