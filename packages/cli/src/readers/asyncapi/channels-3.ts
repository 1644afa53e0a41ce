import { extensions } from '../../model/extensions.ts'
import type { DraftChannel } from '../draft/draft.ts'
import { followed, type Reading } from '../reading.ts'
import { describeValue, isObject, member, textMember } from '../source/json-record.ts'
import { elementsOf, identityOf, keyOf, membersOf, type Place, within } from '../source/place.ts'
import { readMessages } from './message.ts'
import { reportOperations } from './operations-3.ts'
import { readParameter3 } from './parameter-3.ts'

/** The channels of AsyncAPI 3. */
export function readChannels3(reading: Reading): readonly DraftChannel[] {
  reportOperations(reading)
  return membersOf(within(reading.root, 'channels'))
    .filter((entry) => !keyOf(entry).startsWith('x-'))
    .flatMap((entry) => {
      const channel = followed(reading, entry, 'the channel is left out')
      return channel === undefined ? [] : readChannel(reading, keyOf(entry), channel)
    })
}

function readChannel(reading: Reading, key: string, place: Place): readonly DraftChannel[] {
  if (!isObject(place.value)) {
    reading.problems.loss(
      place,
      `a channel must be an object, not ${describeValue(place.value)}; it is left out`,
    )
    return []
  }
  const own = messagesOf(reading, place)
  const messages = own.length > 0 ? own : messagesOfOperations(reading, place)
  if (messages.length === 0) {
    reading.problems.warning(place, 'the channel has no messages and is left out')
    return []
  }
  const { events, snapshot } = readMessages(reading, messages, 3)
  const { value } = place
  return [
    {
      place,
      key,
      address: readAddress(reading, place),
      description:
        textMember(value, 'description') ?? textMember(value, 'summary') ?? textMember(value, 'title'),
      deliver: member(value, extensions.deliver) === 'latest' ? 'latest' : 'every',
      params: membersOf(within(place, 'parameters')).flatMap((entry) => readParameter3(reading, entry)),
      events,
      snapshot,
    },
  ]
}

// `null` says that the address is known at run time only.
function readAddress({ problems }: Reading, place: Place): string {
  const address = within(place, 'address')
  if (typeof address.value === 'string') return address.value
  if (address.value !== undefined && address.value !== null) {
    problems.warning(address, `an address must be a string, not ${describeValue(address.value)}`)
  }
  return ''
}

function messagesOf({ problems }: Reading, channel: Place): readonly Place[] {
  const place = within(channel, 'messages')
  if (Array.isArray(place.value)) {
    problems.warning(place, 'the messages of a channel belong in an object, by their names')
    return elementsOf(place)
  }
  const single = within(channel, 'message')
  if (place.value === undefined && single.value !== undefined) {
    problems.warning(single, 'the message of a channel belongs in "messages", by its name')
    return [single]
  }
  return membersOf(place)
}

// Operations may only name messages of their channel; where it has none of its own, those that they name are meant.
function messagesOfOperations(reading: Reading, channel: Place): readonly Place[] {
  const { resolver, problems, root } = reading
  const found = new Map<string, Place>()
  for (const entry of membersOf(within(root, 'operations'))) {
    const operation = resolver.follow(entry).place ?? entry
    const target = resolver.follow(within(operation, 'channel')).place
    if (target === undefined || identityOf(target) !== identityOf(channel)) continue
    for (const message of elementsOf(within(operation, 'messages'))) {
      const meant = resolver.follow(message).place ?? message
      if (found.has(identityOf(meant))) continue
      found.set(identityOf(meant), message)
      problems.warning(message, 'a message of an operation belongs in its channel too')
    }
  }
  return [...found.values()]
}
