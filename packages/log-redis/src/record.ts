import type { LogRecord, NewRecord } from '@millrace/log'
import { lossyProperty } from '@millrace/log/engine'
import { problemWith } from './errors.ts'

/** A record as the seven values that the append script takes. */
export function valuesOf({ topic, event, version, time, data, key, trace }: NewRecord): string[] {
  return [
    topic,
    event,
    String(version),
    String(time),
    data,
    key === undefined ? '-' : `+${key}`,
    trace === undefined ? '-' : `+${trace}`,
  ]
}

/** What stands in an entry of the stream, as Redis answers it: its id, and names and values in turn. */
export function recordOf(entry: unknown): LogRecord {
  const [id, values] = entry as readonly [string, readonly string[]]
  const fields = new Map<string, string>()
  for (let index = 0; index < values.length; index += 2)
    fields.set(values[index] as string, values[index + 1] as string)
  const key = fields.get('k')
  const trace = fields.get('r')
  return {
    topic: fields.get('t') ?? '',
    event: fields.get('e') ?? '',
    version: Number(fields.get('v')),
    time: Number(fields.get('m')),
    data: fields.get('d') ?? '',
    ...(key !== undefined && { key }),
    ...(trace !== undefined && { trace }),
    offset: Number.parseInt(id, 10),
    tag: fields.get('g') ?? '',
  }
}

/** @throws LogEngineError for a record that Redis would give back as another one */
export function requireKeepable(record: NewRecord): void {
  const name = lossyProperty(record)
  if (name === undefined) return
  throw problemWith(
    'record',
    `${name} of an event of ${record.topic} has half of a character in it, which text in UTF-8 cannot hold`,
  )
}
