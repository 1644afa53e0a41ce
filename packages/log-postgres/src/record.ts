import type { LogRecord, NewRecord } from '@millrace/log'
import { lossyProperty } from '@millrace/log/engine'
import type { Row } from './database.ts'
import { problemWith } from './errors.ts'

/** What stands in the row of a record. */
export function recordOf(row: Row): LogRecord {
  const { topic, event, version, time, data, key, trace, tag } = row
  return {
    topic: topic as string,
    event: event as string,
    version: Number(version),
    time: Number(time),
    data: data as string,
    ...(typeof key === 'string' && { key }),
    ...(typeof trace === 'string' && { trace }),
    offset: Number(row.offset),
    tag: tag as string,
  }
}

/** Records as the functions of the schema take them. */
export function jsonOf(records: readonly NewRecord[]): string {
  return JSON.stringify(
    records.map(({ topic, event, version, time, data, key, trace }) => ({
      topic,
      event,
      version,
      time,
      data,
      key,
      trace,
    })),
  )
}

/** @throws LogEngineError for a record that Postgres would not keep, or give back as another one */
export function requireKeepable(record: NewRecord): void {
  const name = lossyProperty(record, (text) => text.includes('\0'))
  if (name === undefined) return
  throw problemWith(
    'record',
    `${name} of an event of ${record.topic} has NUL or half of a character in it, which text in Postgres cannot hold`,
  )
}
