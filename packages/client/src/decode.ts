import type { DataError } from '@millrace/contract'
import type { SseMessage } from '@millrace/protocol'
import { EventDataError, type EventDataFault } from './event-data-error.ts'
import type { Delivered } from './handler-error.ts'
import { parseJson } from './json.ts'
import type { Settings } from './options.ts'
import type { Reading } from './route.ts'
import { snapshotName } from './snapshot.ts'

/**
 * Reads one message as the event that it is to those who read it alike, or as why it does not fit the contract. Bytes become types here.
 *
 * @param address of the message's topic
 * @param report told of what does not fit
 */
export function decodeMessage(
  message: SseMessage,
  address: string,
  { topic, raw, params }: Reading,
  report: Settings['report'],
): Delivered | EventDataError {
  const { event: name, lastEventId, fields } = message
  const { time, version, trace, at } = fields
  const id = at ?? lastEventId
  const isState = name === snapshotName

  function leaveOut(reason: EventDataFault, cause?: unknown): EventDataError {
    const error = new EventDataError(reason, { event: name, topic: address, id }, cause)
    report(error)
    return error
  }

  let data: unknown = message
  if (!raw) {
    data = parseJson(message.data)
    if (data === undefined) return leaveOut('malformed')
    if (topic) {
      const { snapshot, events } = topic.channel
      const event = isState ? snapshot : events[name]
      if (!event) return leaveOut('unknown-event')
      if (!params) return leaveOut('address')
      if (version !== undefined && !/^[1-9]\d*$/.test(version)) return leaveOut('malformed')
      try {
        data = event.decode(data, Number(version ?? 1))
      } catch (cause) {
        // The contract is known by its types alone, so its error is known by what it carries.
        return leaveOut((cause as Partial<DataError>).reason ?? 'invalid', cause)
      }
    }
  }
  // Of one shape each: what is put together from parts takes longer than all the rest.
  const event = isState
    ? { name, data, topic: address, id, trace, params }
    : { name, data, topic: address, id, time: message.time || Number(time), trace, params }
  return event as Delivered
}
