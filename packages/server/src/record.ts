import type { AnyContract, ChannelDefinition, Topic } from '@millrace/contract'
import type { NewRecord } from '@millrace/log'
import { EventTooLargeError, PublishError } from './errors.ts'

/** What is to be published, as the caller has it. */
export interface Publication {
  readonly topic: Topic
  readonly name: string
  readonly data: unknown
  readonly key: string | undefined
  readonly time: number
}

/**
 * Turns the types in code into the text that travels; nowhere else is anything encoded.
 *
 * @throws DataError, EventTooLargeError, PublishError
 */
export function createRecord(contract: AnyContract, publication: Publication, maxBytes: number): NewRecord {
  const { topic, name, data, key, time } = publication
  const channel = ownChannel(contract, topic)
  if (!Object.hasOwn(channel.events, name)) {
    const names = Object.keys(channel.events).join('", "')
    throw new PublishError(`"${channel.path}" has no event "${name}"; there are "${names}"`)
  }
  if (key !== undefined && (typeof key !== 'string' || key === '')) {
    throw new PublishError('key must be a text that is not empty')
  }
  const event = channel.events[name] as ChannelDefinition['events'][string]
  const subject = `event "${name}" of "${topic.address}"`
  const text = stringify(subject, event.encode(data))
  refuseLarge(subject, text, maxBytes)
  const record = { topic: topic.address, event: name, version: event.version, time, data: text }
  return key === undefined ? record : { ...record, key }
}

// By its path, because two copies of a contract are two objects. Its own schemas judge address and data in each case.
function ownChannel(contract: AnyContract, topic: Topic): ChannelDefinition {
  const { name, channels } = contract['~contract']
  // Callers without types may pass anything.
  const { kind, channel } = (topic ?? {}) as Partial<Topic>
  if (channel?.path === undefined)
    throw new PublishError('A topic is made by a channel of the contract, such as shop.orders({ … })')
  if ((kind as string) !== 'topic') {
    throw new PublishError(`"${topic.address}" leaves params open, and an event belongs to one topic`)
  }
  const own = Object.values(channels).find(({ path }) => path === channel.path)
  if (own === undefined) throw new PublishError(`The contract "${name}" has no channel "${channel.path}"`)
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
function stringify(subject: string, encoded: unknown): string {
  let text: string | undefined
  try {
    text = JSON.stringify(encoded)
  } catch (cause) {
    throw new PublishError(`${subject}: the data cannot be JSON: ${String(cause)}`, { cause })
  }
  if (text === undefined) throw new PublishError(`${subject}: there is no data, and JSON has no undefined`)
  return text
}

const encoder = new TextEncoder()

function refuseLarge(subject: string, text: string, limit: number): void {
  // No character takes more than three bytes, so most texts need not be counted.
  if (text.length * 3 <= limit) return
  const bytes = encoder.encode(text).byteLength
  if (bytes > limit) throw new EventTooLargeError(subject, bytes, limit)
}
