import type { DataError } from '@millrace/contract'
import type { SseMessage } from '@millrace/protocol'
import { EventDataError, type EventDataFault } from './event-data-error.ts'
import type { Delivered } from './handler-error.ts'
import { parseJson } from './json.ts'
import type { Settings } from './options.ts'
import type { Addressee } from './route.ts'
import { snapshotName } from './snapshot.ts'

/** An event as it is to one subscriber, or why it does not fit the contract. */
export type Decoder = (route: Addressee) => Delivered | EventDataError

/**
 * Reads one message as the events that it is to its subscribers. Bytes become types here: once for each channel, not for each
 * subscriber.
 *
 * @param report told once for each channel of what does not fit
 */
export function createDecoder(message: SseMessage, topic: string, report: Settings['report']): Decoder {
  const { event: name, data: text, lastEventId, fields } = message
  const isState = name === snapshotName
  const id = fields.at ?? lastEventId
  const decoded = new Map<unknown, { readonly data: unknown } | EventDataError>()

  function leaveOut(reason: EventDataFault, cause?: unknown): EventDataError {
    const error = new EventDataError(reason, { event: name, topic, id }, cause)
    report(error)
    return error
  }

  function decode({ subscriber, params }: Addressee): { readonly data: unknown } | EventDataError {
    const json = parseJson(text)
    if (json === undefined) return leaveOut('malformed')
    const channel = subscriber.topic?.channel
    if (!channel) return { data: json }
    const event = isState ? channel.snapshot : channel.events[name]
    if (!event) return leaveOut('unknown-event')
    if (!params) return leaveOut('address')
    const { version = '1' } = fields
    if (!/^[1-9]\d*$/.test(version)) return leaveOut('malformed')
    try {
      return { data: event.decode(json, Number(version)) }
    } catch (cause) {
      // The contract is known by its types alone, so its error is known by what it carries.
      return leaveOut((cause as Partial<DataError>).reason ?? 'invalid', cause)
    }
  }

  return (route) => {
    const channel = route.subscriber.topic?.channel
    const known = decoded.get(channel) ?? decode(route)
    decoded.set(channel, known)
    if (known instanceof EventDataError) return known
    return {
      name,
      ...known,
      topic,
      id,
      ...(!isState && { time: Number(fields.time) }),
      trace: fields.trace,
      ...(channel && { params: route.params }),
    } as Delivered
  }
}
