import type { AnyContract, ChannelDefinition, EventDefinition, Topic } from '@millrace/contract'
import type { NewRecord } from '@millrace/log'
import { controlEvent, controlPrefix } from '@millrace/protocol'
import { EventTooLargeError, PublishError } from '../errors.ts'
import type { Limits } from '../options.ts'
import { findChannel } from './own-channel.ts'

/** What is to be published, as the caller has it. */
export interface Publication {
  readonly topic: Topic
  readonly name: string
  readonly data: unknown
  readonly key?: string | undefined
  readonly trace?: string | undefined
}

/**
 * Turns the types in code into the text that travels; nowhere else is anything encoded.
 *
 * @throws DataError, EventTooLargeError, PublishError
 */
export function createRecord(
  contract: AnyContract,
  publication: Publication,
  { time, maxBytes }: { readonly time: number; readonly maxBytes: number },
): NewRecord {
  const { topic, name, data, key } = publication
  const channel = channelOf(contract, topic)
  if (!Object.hasOwn(channel.events, name)) {
    const names = Object.keys(channel.events).join('", "')
    throw new PublishError(`"${channel.path}" has no event "${name}"; there are "${names}"`)
  }
  if (key !== undefined && (typeof key !== 'string' || key === '' || key.startsWith(controlPrefix))) {
    throw new PublishError(`key must be a text that is not empty and does not begin with "${controlPrefix}"`)
  }
  const event = channel.events[name] as EventDefinition
  const text = encodeData(event, data, {
    limit: 'eventBytes',
    maxBytes,
    describe: describeEvent,
    of: publication,
  })
  const record = { topic: topic.address, event: name, version: event.version, time, data: text }
  return key === undefined ? record : { ...record, key }
}

function describeEvent({ name, topic }: Publication): string {
  return `event "${name}" of "${topic.address}"`
}

/**
 * The record that a topic's events end with. Its key makes it the only one, whoever ends the topic how often.
 *
 * @throws PublishError for what is no topic of the contract
 */
export function createEndRecord(contract: AnyContract, topic: Topic, time: number): NewRecord {
  channelOf(contract, topic)
  const { address } = topic
  const event = controlEvent.end
  return { topic: address, event, version: 1, time, data: '{}', key: `${event}:${address}` }
}

/** How large data may be, and what to call it in a message. A function of its own for each event would cost more than it says. */
interface EncodeOptions<Of> {
  readonly limit: keyof Limits
  readonly maxBytes: number
  readonly describe: (of: Of) => string
  readonly of: Of
}

/** Types in code, as JSON on one line. @throws DataError, EventTooLargeError, PublishError */
export function encodeData<Of>(
  definition: EventDefinition,
  data: unknown,
  options: EncodeOptions<Of>,
): string {
  const text = stringify(definition.encode(data), options)
  refuseLarge(text, options)
  return text
}

/** @throws PublishError for what is no topic of the contract */
export function channelOf(contract: AnyContract, topic: Topic): ChannelDefinition {
  // Callers without types may pass anything.
  const { kind, channel } = (topic ?? {}) as Partial<Topic>
  if (channel?.path === undefined)
    throw new PublishError('A topic is made by a channel of the contract, such as shop.orders({ … })')
  if ((kind as string) !== 'topic') {
    throw new PublishError(`"${topic.address}" leaves params open, and an event belongs to one topic`)
  }
  const own = findChannel(contract, channel)
  if (own === undefined) {
    throw new PublishError(`The contract "${contract['~contract'].name}" has no channel "${channel.path}"`)
  }
  if (own !== channel) refuseForeignAddress(own, topic.address)
  return own
}

// Nobody could ask for a topic whose params the own channel refuses or writes in another way.
function refuseForeignAddress(own: ChannelDefinition, address: string): void {
  let canonical: string | undefined
  try {
    const params = own.decodeAddress(address)
    canonical = params && own.encodeAddress(params)
  } catch (cause) {
    throw new PublishError(`"${address}" is not of "${own.path}": ${String(cause)}`, { cause })
  }
  if (canonical !== address) throw new PublishError(`"${address}" is not of "${own.path}"`)
}

// Only a schema that lets anything pass, as z.any() does, gets such data here.
function stringify<Of>(encoded: unknown, { describe, of }: EncodeOptions<Of>): string {
  let text: string | undefined
  try {
    text = JSON.stringify(encoded)
  } catch (cause) {
    throw new PublishError(`${describe(of)}: the data cannot be JSON: ${String(cause)}`, { cause })
  }
  if (text === undefined)
    throw new PublishError(`${describe(of)}: there is no data, and JSON has no undefined`)
  return text
}

const encoder = new TextEncoder()

function refuseLarge<Of>(text: string, { limit, maxBytes, describe, of }: EncodeOptions<Of>): void {
  // No character takes more than three bytes, so most texts need not be counted.
  if (text.length * 3 <= maxBytes) return
  const bytes = encoder.encode(text).byteLength
  if (bytes > maxBytes) throw new EventTooLargeError(describe(of), bytes, maxBytes, limit)
}
