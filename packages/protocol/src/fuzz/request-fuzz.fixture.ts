import * as fc from 'fast-check'
import { RequestError } from '../request-error.ts'
import {
  formatStreamRequest,
  formatStreamRequestBody,
  parseStreamRequest,
  parseStreamRequestBody,
  type StreamRequest,
} from '../stream-request.ts'
import { expectSame, type FuzzTarget } from './fuzz-target.fixture.ts'

const names = ['topic', 'event', 'from', 'last-event-id', 'mode', 'v', 'token', '__proto__', 'Topic', '']
const values = [
  'orders/42',
  'orders/*',
  'orders%2F42',
  ';from=',
  ';events=',
  'earliest',
  'now',
  'k3f9.1041',
  'placed',
  ',',
  ';',
  '=',
  'poll',
  'stream',
  '1',
  '0',
  '%',
  '%00',
  '%0d%0a',
  '%ff',
  '+',
  ' ',
  'é',
  '\ud800',
  '#',
  '?',
]
const value = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.array(fc.constantFrom(...values), { maxLength: 4 }).map((parts) => parts.join('')),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 10 }) },
)
const pair = fc.tuple(fc.constantFrom('topic', 'topic', 'topic', ...names), value)
const pairs = fc.array(pair, { maxLength: 5 })

/** A request, or why it is none. Anything else that is thrown is a fault. */
function outcome(read: () => StreamRequest): StreamRequest | string {
  try {
    return read()
  } catch (error) {
    if (RequestError.isInstance(error)) return error.message
    throw error
  }
}

function check(request: StreamRequest): void {
  const { topics, from, lastEventId, poll, version } = request
  const isSound =
    topics.every(({ address, events }) => address !== '' && events?.includes('') !== true) &&
    from !== '' &&
    lastEventId !== '' &&
    poll !== false &&
    (version === undefined || (Number.isInteger(version) && version >= 1 && version <= 9_999))
  if (!isSound) throw new Error(`It is no request: ${JSON.stringify(request)}`)
  // `event=` takes names that no contract has, and that cannot be said of one topic.
  const names = topics.flatMap(({ events = [] }) => events)
  if (names.some((name) => /[;,]/.test(name))) return
  const query = new URLSearchParams(formatStreamRequest(request).toString())
  expectSame(parseStreamRequest(query), request, 'Written and read again')
  expectSame(parseStreamRequestBody(formatStreamRequestBody(request)), request, 'As a body')
}

/** Queries of any text: each is a request that can be written and read again, or is refused by name. */
export const queries: FuzzTarget = {
  name: 'queries',
  title:
    'any text as the query of a request: it is refused by name, or read, written and read again the same',
  property: fc.property(
    fc.oneof(
      pairs.map((all) => all.map(([name, text]) => `${name}=${text}`).join('&')),
      fc.string({ unit: 'binary' }),
    ),
    (text) => {
      const read = outcome(() => parseStreamRequest(new URLSearchParams(text)))
      if (typeof read !== 'string') check(read)
    },
  ) as fc.IRawProperty<unknown>,
}

const json = fc.oneof(
  pairs.map((all) => {
    const query = new URLSearchParams(all)
    return JSON.stringify(Object.fromEntries([...query.keys()].map((name) => [name, query.getAll(name)])))
  }),
  pairs.map((all) => JSON.stringify(Object.fromEntries(all))),
  fc.dictionary(fc.constantFrom(...names), fc.jsonValue({ maxDepth: 2 })).map((each) => JSON.stringify(each)),
  fc.json({ maxDepth: 2 }),
)
// JSON with something changed, put in or left out.
const broken = fc
  .tuple(
    json,
    fc.nat(80),
    fc.nat(2),
    fc.constantFrom('', '"', '{', '}', '[', ',', ':', '\\', '\0', '\ufeff', '1e999'),
  )
  .map(([text, place, removed, put]) => `${text.slice(0, place)}${put}${text.slice(place + removed)}`)

/** Bodies of any text. */
export const bodies: FuzzTarget = {
  name: 'bodies',
  title: 'any text as the body of a request: the same',
  property: fc.property(fc.oneof(json, broken, fc.string({ unit: 'binary' })), (text) => {
    const read = outcome(() => parseStreamRequestBody(text))
    if (typeof read !== 'string') check(read)
  }) as fc.IRawProperty<unknown>,
}
