import { createParser } from 'eventsource-parser'
import type { TraceEntry } from './parser.fixture.ts'
import type { SseParserOptions } from './parser.ts'

/** The standard word for word, over a whole stream. */
export function standardTrace(
  stream: Uint8Array,
  {
    lastEventId: buffered,
    extensionFields,
  }: Required<Pick<SseParserOptions, 'lastEventId' | 'extensionFields'>>,
): TraceEntry[] {
  let lastEventIdBuffer = buffered
  const trace: TraceEntry[] = []
  // The constructor's default strips one byte order mark.
  const lines = new TextDecoder().decode(stream).split(/\r\n|\n|\r/)
  lines.pop()
  let lastEventId = lastEventIdBuffer
  let data = ''
  let eventType = ''
  let hasId = false
  let fields: Record<string, string> = {}
  for (const line of lines) {
    const [, name = '', value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? []
    if (line === '') {
      lastEventId = lastEventIdBuffer
      const message = ['message', eventType || 'message', data.slice(0, -1), lastEventId] as const
      if (data !== '') trace.push(Object.keys(fields).length > 0 ? [...message, fields] : message)
      else if (hasId) trace.push(['id', lastEventId])
      hasId = false
      data = ''
      eventType = ''
      fields = {}
    } else if (name === 'event') {
      eventType = value
    } else if (name === 'data') {
      data += `${value}\n`
    } else if (name === 'id') {
      if (!value.includes('\0')) {
        lastEventIdBuffer = value
        hasId = true
      }
    } else if (name === 'retry') {
      if (/^[0-9]+$/.test(value)) trace.push(['retry', Math.min(Number(value), Number.MAX_SAFE_INTEGER)])
    } else if (extensionFields.includes(name)) {
      fields[name] = value
    }
  }
  return trace
}

/** What eventsource-parser finds, which reads text, knows no further fields, and tells the ids of blocks rather than the one that persists. */
export function referenceTrace(chunks: readonly Uint8Array[], startId: string): TraceEntry[] {
  const trace: TraceEntry[] = []
  let lastEventId = startId
  let idOnly: string | undefined
  const settleId = () => {
    if (idOnly !== undefined) trace.push(['id', idOnly])
    lastEventId = idOnly ?? lastEventId
    idOnly = undefined
  }
  const parser = createParser({
    onId: (id) => {
      settleId()
      idOnly = id
    },
    onEvent: ({ event, data, id }) => {
      // The id that came just before is this block's if the event has one, else that of an earlier block.
      if (id === undefined) settleId()
      else idOnly = undefined
      lastEventId = id ?? lastEventId
      trace.push(['message', event ?? 'message', data, lastEventId])
    },
    onRetry: (milliseconds) => {
      settleId()
      // It does not clamp.
      trace.push(['retry', Math.min(milliseconds, Number.MAX_SAFE_INTEGER)])
    },
  })
  // It looks for a byte order mark in the first text only, even when that is empty because the mark is not complete yet,
  // and takes the text 'ï»¿' for one. An empty text first makes it leave all marks to the adapter.
  parser.feed('')
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  let beginning = true
  for (const chunk of chunks) {
    let text = decoder.decode(chunk, { stream: true })
    if (beginning && text !== '') {
      beginning = false
      if (text.startsWith('\ufeff')) text = text.slice(1)
    }
    parser.feed(text)
  }
  settleId()
  return trace
}
