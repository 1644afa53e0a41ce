import { createParser } from 'eventsource-parser'
import type { CreateParser } from './parser.ts'

export const create: CreateParser = (take) => {
  const decoder = new TextDecoder()
  const parser = createParser({ onEvent: ({ data, id }) => take(data, id) })
  return (chunk) => parser.feed(decoder.decode(chunk, { stream: true }))
}
