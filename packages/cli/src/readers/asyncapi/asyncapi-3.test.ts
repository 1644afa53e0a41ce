import { expect, test } from 'vitest'
import { eventsOf, lines, outline, places, read, readModel } from '../read.fixture.ts'

const head = (version: string) => `asyncapi: ${version}\ninfo: { title: Lamps, version: 1.2.3 }\n`

test.each(['3.0.0', '3.1.0'])('AsyncAPI %s', async (version) => {
  const { model, problems } = await readModel(`${head(version)}
id: urn:example:lamps
defaultContentType: application/json
servers:
  broker: { host: '{region}.example.com', protocol: mqtt, variables: { region: { default: eu } } }
channels:
  lampMeasured:
    address: lamps/{lampId}/{kind}
    title: Measured
    description: What a lamp measures.
    servers: [{ $ref: '#/servers/broker' }]
    messages:
      measured: { $ref: '#/components/messages/measured' }
      failed: { payload: { type: string } }
    parameters:
      lampId: { $ref: '#/components/parameters/lampId' }
      kind: { enum: [light, sound], default: light, examples: [sound] }
operations:
  sendMeasured:
    action: send
    channel: { $ref: '#/channels/lampMeasured' }
    messages: [{ $ref: '#/channels/lampMeasured/messages/measured' }]
  receiveMeasured:
    action: receive
    channel: { $ref: '#/channels/lampMeasured' }
components:
  parameters:
    lampId: { description: Its number., location: '$message.payload#/id' }
  messages:
    measured:
      summary: A lamp has measured the light around it.
      payload: { $ref: '#/components/schemas/Measured' }
      examples: [{ payload: { lumens: 3 } }, { headers: {} }]
  schemas:
    Measured: { type: object, required: [lumens], properties: { lumens: { type: integer, minimum: 0 } } }
`)
  expect(places(problems)).toEqual(['warning #/operations/receiveMeasured'])
  expect(model).toMatchObject({
    name: 'lamps',
    version: '1.2.3',
    title: 'Lamps',
    channels: [
      {
        key: 'lampMeasured',
        path: 'lamps/{lampId}/{kind}',
        description: 'What a lamp measures.',
        deliver: 'every',
        params: [
          { name: 'lampId', description: 'Its number.', schema: { type: 'string' } },
          {
            name: 'kind',
            schema: { type: 'string', enum: ['light', 'sound'], default: 'light', examples: ['sound'] },
          },
        ],
        events: [
          {
            name: 'measured',
            description: 'A lamp has measured the light around it.',
            schema: { $ref: '#/$defs/Measured' },
            examples: [{ lumens: 3 }],
          },
          { name: 'failed', schema: { type: 'string' } },
        ],
      },
    ],
  })
})

test('a channel without an address gets one from its key', async () => {
  const { model, problems } = await readModel(`${head('3.0.0')}
channels:
  replies: { address: null, messages: { a: { payload: {} } } }
  others: { messages: { a: { payload: {} } } }
  numbered: { address: 7, messages: { a: { payload: {} } } }
`)
  expect(outline(model)).toEqual(['replies replies: a', 'others others: a', 'numbered numbered: a'])
  expect(places(problems)).toEqual([
    'warning #/channels/replies',
    'warning #/channels/others',
    'warning #/channels/numbered/address',
    'warning #/channels/numbered',
  ])
})

test('a message has the last word over its traits', async () => {
  const { model, problems } = await readModel(`${head('3.0.0')}
channels:
  a: { address: a, messages: { e: { title: Own, traits: [{ title: T, description: D }, { description: E }], payload: {} } } }
`)
  expect(eventsOf(model).e).toMatchObject({ title: 'Own', description: 'E' })
  expect(problems).toEqual([])
})

test('the language of a schema stands beside it', async () => {
  const { model, problems } = await readModel(`${head('3.0.0')}
channels:
  a:
    address: a
    messages:
      json: { payload: { schemaFormat: 'application/schema+json;version=draft-07', schema: { type: string } } }
      byRef: { payload: { $ref: '#/components/schemas/Multi' } }
      oas: { payload: { schemaFormat: 'application/vnd.oai.openapi+json;version=3.0.3', schema: { $ref: '#/components/schemas/Plain' } } }
      avro: { payload: { schemaFormat: 'application/vnd.apache.avro;version=1.9.0', schema: { type: record } } }
      proto: { payload: { schemaFormat: application/vnd.google.protobuf;version=3, schema: 'message A {}' } }
      inside: { payload: { type: object, properties: { a: { $ref: '#/components/schemas/Avro' }, b: { type: string } } } }
components:
  schemas:
    Multi: { schemaFormat: 'application/vnd.aai.asyncapi;version=3.0.0', schema: { type: integer } }
    Plain: { type: string, nullable: true }
    Avro: { schemaFormat: 'application/vnd.apache.avro;version=1.9.0', schema: { type: record } }
`)
  const schemas = Object.entries(eventsOf(model)).map(([name, { schema }]) => [name, schema])
  expect(Object.fromEntries(schemas)).toEqual({
    json: { type: 'string' },
    byRef: { type: 'integer' },
    oas: { $ref: '#/$defs/Plain' },
    avro: true,
    proto: true,
    inside: { type: 'object', properties: { a: { $ref: '#/$defs/Avro' }, b: { type: 'string' } } },
  })
  expect(model.definitions).toEqual({ Plain: { type: ['string', 'null'] }, Avro: true })
  expect(places(problems)).toEqual([
    'loss #/channels/a/messages/avro/payload',
    'loss #/channels/a/messages/proto/payload',
    'loss #/components/schemas/Avro',
  ])
})

test('what a contract does not carry is listed', async () => {
  const { problems } = await readModel(`${head('3.0.0')}
channels:
  asks:
    address: asks
    messages:
      ask: { headers: { type: object }, correlationId: { location: '$message.header#/id' }, payload: {} }
  answers: { address: answers, messages: { answer: { payload: {} } } }
operations:
  ask:
    action: receive
    channel: { $ref: '#/channels/asks' }
    reply: { channel: { $ref: '#/channels/answers' } }
`)
  expect(lines(problems)).toEqual([
    'loss api.yaml:8 #/channels/asks/messages/ask/headers the headers are left out: an event has none',
    'loss api.yaml:8 #/channels/asks/messages/ask/correlationId the correlation id is left out: events do not answer each other',
    'loss api.yaml:14 #/operations/ask/reply that messages answer each other is left out; the replies are events of their channel',
  ])
})

test('refs to messages with a "/" that is not escaped, or that is', async () => {
  const { model, problems } = await readModel(`${head('3.0.0')}
channels:
  user/signed/up: { address: user/signed/up, messages: { done: { payload: { type: string } } } }
  copies:
    address: copies
    messages:
      plain: { $ref: '#/channels/user/signed/up/messages/done' }
      escaped: { $ref: '#/channels/user~1signed~1up/messages/done' }
      encoded: { $ref: '#/channels/user%2Fsigned~1up/messages/done' }
`)
  expect(outline(model)[1]).toBe('copies copies: plain, escaped, encoded')
  const [plain, ...others] = lines(problems)
  expect(plain).toBe(
    'warning api.yaml:9 #/channels/copies/messages/plain "#/channels/user/signed/up/messages/done" should be written "#/channels/user~1signed~1up/messages/done" (a "/" in a key is "~1")',
  )
  expect(others).toEqual([])
})

test('one broken message or channel costs none of the others', async () => {
  const { model, problems } = await readModel(`${head('3.0.0')}
channels:
  a:
    address: a
    messages:
      gone: { $ref: '#/components/messages/gone' }
      text: a text
      circle: { $ref: '#/channels/a/messages/circle' }
      web: { $ref: 'https://example.com/messages.yaml#/a' }
      schema: { type: object, properties: { a: { type: string } } }
      fine: { payload: { type: string } }
  list: { address: list, messages: [{ name: listed, payload: {} }] }
  single: { address: single, message: { name: alone, payload: {} } }
  none: { address: none, messages: {} }
  broken: 7
`)
  expect(outline(model)).toEqual(['a a: schema, fine', 'list list: listed', 'single single: alone'])
  expect(lines(problems)).toEqual([
    'loss api.yaml:8 #/channels/a/messages/gone "#/components/messages/gone" leads nowhere: there is no "components" in #; the message is left out',
    'loss api.yaml:9 #/channels/a/messages/text a message must be an object, not "a text"; it is left out',
    'loss api.yaml:10 #/channels/a/messages/circle "#/channels/a/messages/circle" leads in a circle; the message is left out',
    'loss api.yaml:11 #/channels/a/messages/web "https://example.com/messages.yaml" is on the network, from which nothing is loaded; save it to a file and refer to that; the message is left out',
    'warning api.yaml:12 #/channels/a/messages/schema this is a schema, not a message; it is read as a payload',
    'warning api.yaml:14 #/channels/list/messages the messages of a channel belong in an object, by their names',
    'warning api.yaml:15 #/channels/single/message the message of a channel belongs in "messages", by its name',
    'warning api.yaml:16 #/channels/none the channel has no messages and is left out',
    'loss api.yaml:17 #/channels/broken a channel must be an object, not 7; it is left out',
  ])
})

test('a channel without messages has those of its operations', async () => {
  const { model, problems } = await readModel(`${head('3.0.0')}
channels: { a: { address: a } }
operations:
  say: { action: send, channel: { $ref: '#/channels/a' }, messages: [{ $ref: '#/components/messages/said' }] }
  hear: { action: receive, channel: { $ref: '#/channels/a' }, messages: [{ $ref: '#/components/messages/said' }, { $ref: '#/components/messages/heard' }] }
components: { messages: { said: { payload: {} }, heard: { payload: {} } } }
`)
  expect(outline(model)).toEqual(['a a: said, heard'])
  expect(places(problems)).toEqual([
    'warning #/operations/say/messages/0',
    // What it hears only goes to the server.
    'warning #/operations/hear',
    'warning #/operations/hear/messages/1',
  ])
})

test('our own words are read back', async () => {
  const { model, problems } = await readModel(`asyncapi: 3.1.0
info: { title: The shop, version: 1.0.0, x-millrace-name: shop }
channels:
  carts:
    address: carts/{id}
    x-millrace-deliver: latest
    parameters: { id: { x-millrace-schema: { type: string, format: uuid } } }
    messages:
      changed: { payload: {}, x-millrace-version: 3, x-millrace-upgrades-from: [1, 2], x-millrace-deprecated: true }
      millrace.snapshot: { name: millrace.snapshot, payload: { type: array }, x-millrace-snapshot: true }
`)
  expect(problems).toEqual([])
  expect(model).toMatchObject({
    name: 'shop',
    title: 'The shop',
    channels: [
      {
        deliver: 'latest',
        params: [{ schema: { type: 'string', format: 'uuid' } }],
        events: [{ name: 'changed', version: 3, upgradesFrom: [1, 2], deprecated: true }],
        snapshot: { name: 'snapshot', schema: { type: 'array' } },
      },
    ],
  })
})

test.each([
  ['channels: {}', 'error #'],
  ['channels: { a: { address: a, messages: { b: 1 } } }', 'error #,loss #/channels/a/messages/b'],
  ['', 'error #'],
])('a document without events is refused: %s', async (text, expected) => {
  const { model, problems } = await read(`${head('3.0.0')}${text}`)
  expect(model).toBeUndefined()
  expect(places(problems).join()).toBe(expected)
})
