import { extensions } from '../../model/extensions.ts'
import type { DraftChannel, DraftParam } from '../draft/draft.ts'
import { withoutHost, withoutQuery } from '../names/channel-path.ts'
import { camelCase } from '../names/words.ts'
import { followed, type Reading } from '../reading.ts'
import { asyncApiSchema } from '../schema/dialect.ts'
import { isObject, member, textMember } from '../source/json-record.ts'
import { elementsOf, identityOf, keyOf, membersOf, type Place, within } from '../source/place.ts'
import { joinTexts } from '../source/text.ts'
import { readMessages } from './message.ts'
import { onlyToServer } from './operations-3.ts'

/** The channels of AsyncAPI 2, whose keys are their addresses. */
export function readChannels2(reading: Reading): readonly DraftChannel[] {
  return membersOf(within(reading.root, 'channels'))
    .filter((entry) => !keyOf(entry).startsWith('x-'))
    .flatMap((entry) => {
      const channel = followed(reading, entry, 'the channel is left out')
      return channel === undefined ? [] : [readChannel(reading, keyOf(entry), channel)]
    })
}

function readChannel(reading: Reading, address: string, place: Place): DraftChannel {
  const key = channelKey(address)
  const operations = ['subscribe', 'publish']
    .map((name) => within(place, name))
    .filter(({ value }) => isObject(value))
  const said = operations.map(({ value }) => textMember(value, 'description') ?? textMember(value, 'summary'))
  const { events, snapshot } = readMessages(reading, messagesOf(reading, operations), 2, camelCase(key))
  return {
    place,
    key,
    address,
    description: textMember(place.value, 'description') ?? said.reduce(joinTexts, undefined),
    deliver: member(place.value, extensions.deliver) === 'latest' ? 'latest' : 'every',
    params: membersOf(within(place, 'parameters')).flatMap((entry) => readParameter(reading, entry)),
    events,
    snapshot,
  }
}

// Its params say less of a channel than the words around them.
function channelKey(address: string): string {
  const [path] = withoutQuery(withoutHost(address))
  const words = path.replace(/\{[^{}]*\}/g, ' ')
  return [words, path].find((text) => /\p{L}/u.test(text)) ?? 'root'
}

/** The messages of both directions, each once. */
function messagesOf(reading: Reading, operations: readonly Place[]): readonly Place[] {
  const found = new Map<string, Place>()
  const sent = new Set<string>()
  for (const operation of operations) {
    let onlyReceived = 0
    for (const message of messagesOfOperation(reading, operation)) {
      const target = reading.resolver.follow(message).place ?? message
      const identity = identityOf(target)
      if (keyOf(operation) === 'subscribe') sent.add(identity)
      else if (sent.size > 0 && !sent.has(identity)) onlyReceived += 1
      if (!found.has(identity)) found.set(identity, message)
    }
    if (onlyReceived > 0) reading.problems.warning(operation, onlyToServer)
  }
  return [...found.values()]
}

function messagesOfOperation(reading: Reading, operation: Place): readonly Place[] {
  const place = within(operation, 'message')
  if (place.value === undefined || place.value === null) {
    reading.problems.warning(operation, `"${keyOf(operation)}" has no message`)
    return []
  }
  if (Array.isArray(place.value)) {
    reading.problems.warning(place, 'several messages belong under "oneOf"')
    return elementsOf(place)
  }
  const target = reading.resolver.follow(place).place ?? place
  const isUnion =
    Array.isArray(member(target.value, 'oneOf')) && member(target.value, 'payload') === undefined
  return isUnion ? elementsOf(within(target, 'oneOf')) : [place]
}

function readParameter(reading: Reading, entry: Place): readonly DraftParam[] {
  const place = followed(reading, entry, 'the parameter is any string')
  if (place === undefined) return []
  const schema = within(place, 'schema')
  return [
    {
      place,
      name: keyOf(entry),
      schema: schema.value === undefined ? { type: 'string' } : reading.schemas.read(schema, asyncApiSchema),
      description: textMember(place.value, 'description'),
    },
  ]
}
