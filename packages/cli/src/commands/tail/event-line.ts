import type { StreamEvent } from '@millrace/client'
import { printable } from '../../report/printable.ts'

/** An event, or the snapshot of a topic, which has no time of its own. */
type PlainEvent = Pick<StreamEvent, 'name' | 'topic' | 'id' | 'data'> & Partial<Pick<StreamEvent, 'time'>>

/** An event as one line for a person: when, where, what. */
export function describeEvent({ name, topic, time, data }: PlainEvent, color: boolean): string {
  const paint = (code: number, text: string) => (color ? `\u001b[${code}m${text}\u001b[39m` : text)
  return `${paint(90, clockTime(time))}  ${paint(36, printable(topic))}  ${paint(33, printable(name))}  ${json(data)}\n`
}

/** An event as one line for a program. */
export function serializeEvent({ name, topic, id, time, data }: PlainEvent): string {
  return `${json({ name, topic, id, time, data })}\n`
}

function clockTime(time: number | undefined): string {
  if (time === undefined) return ' '.repeat('00:00:00.000'.length)
  const date = new Date(time)
  if (Number.isNaN(date.getTime())) return 'unknown time'
  const part = (value: number, digits = 2) => String(value).padStart(digits, '0')
  const clock = [date.getHours(), date.getMinutes(), date.getSeconds()].map((value) => part(value)).join(':')
  return `${clock}.${part(date.getMilliseconds(), 3)}`
}

// A terminal obeys control characters, and an event may come from anybody. JSON escapes those below U+0020 only.
function json(value: unknown): string {
  return printable(JSON.stringify(value) ?? 'null')
}
