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
  const { event: name, lastEventId, fields } = message
  const id = fields.at ?? lastEventId
  // Mostly one, which is found sooner than in a map.
  const channels: unknown[] = []
  const decoded: unknown[] = []

  return (route) => {
    const channel = route.subscriber.topic?.channel
    let index = channels.indexOf(channel)
    if (index < 0) {
      index = channels.push(channel) - 1
      decoded[index] = route.subscriber.raw
        ? message
        : decodeData(message, route, (reason, cause) => {
            const error = new EventDataError(reason, { event: name, topic, id }, cause)
            report(error)
            return error
          })
    }
    const data = decoded[index]
    if (data instanceof EventDataError) return data
    const { trace } = fields
    const { params } = route
    // Of one shape each: what is put together from parts takes longer than all the rest.
    const event =
      name === snapshotName
        ? { name, data, topic, id, trace, params }
        : { name, data, topic, id, time: Number(fields.time), trace, params }
    return event as Delivered
  }
}

function decodeData(
  { event: name, data, fields }: SseMessage,
  { subscriber, params }: Addressee,
  leaveOut: (reason: EventDataFault, cause?: unknown) => EventDataError,
): unknown {
  const json = parseJson(data)
  if (json === undefined) return leaveOut('malformed')
  const channel = subscriber.topic?.channel
  if (!channel) return json
  const event = name === snapshotName ? channel.snapshot : channel.events[name]
  if (!event) return leaveOut('unknown-event')
  if (!params) return leaveOut('address')
  const { version = '1' } = fields
  if (!/^[1-9]\d*$/.test(version)) return leaveOut('malformed')
  try {
    return event.decode(json, Number(version))
  } catch (cause) {
    // The contract is known by its types alone, so its error is known by what it carries.
    return leaveOut((cause as Partial<DataError>).reason ?? 'invalid', cause)
  }
}
