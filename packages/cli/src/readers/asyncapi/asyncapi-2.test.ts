import { expect, test } from 'vitest'
import { eventsOf, lines, outline, places, readModel } from '../read.fixture.ts'

const head = (version: string) => `asyncapi: '${version}'\ninfo: { title: Lamps, version: 1.2.3 }\n`

test.each(['2.0.0', '2.1.0', '2.2.0', '2.3.0', '2.4.0', '2.5.0', '2.6.0'])('AsyncAPI %s', async (version) => {
  const { model, problems } = await readModel(`${head(version)}
servers:
  broker: { url: 'mqtt://{port}.example.com', protocol: mqtt, variables: { port: { default: '1883' } } }
defaultContentType: application/json
channels:
  lamps/{lampId}/measured:
    description: What a lamp measures.
    servers: [broker]
    bindings: { mqtt: { qos: 1 } }
    parameters:
      lampId: { $ref: '#/components/parameters/lampId' }
    subscribe:
      operationId: receiveMeasured
      summary: As seen by the client.
      traits: [{ $ref: '#/components/operationTraits/kafka' }]
      message: { $ref: '#/components/messages/measured' }
components:
  parameters:
    lampId: { description: Its number., schema: { type: integer }, location: '$message.payload#/id' }
  operationTraits: { kafka: { bindings: { kafka: { clientId: { type: string } } } } }
  messages:
    measured:
      title: Lamp measured
      summary: A lamp has measured the light around it.
      tags: [{ name: light }]
      payload: { $ref: '#/components/schemas/Measured' }
      examples: [{ name: dark, payload: { lumens: 3 } }]
  schemas:
    Measured: { type: object, required: [lumens], properties: { lumens: { type: integer, minimum: 0 } } }
`)
  expect(problems).toEqual([])
  expect(model).toEqual({
    name: 'lamps',
    version: '1.2.3',
    title: 'Lamps',
    channels: [
      {
        key: 'lampsMeasured',
        path: 'lamps/{lampId}/measured',
        description: 'What a lamp measures.',
        deliver: 'every',
        params: [
          {
            name: 'lampId',
            description: 'Its number.',
            schema: { 'x-codec': 'integer', type: 'string', pattern: '^-?\\d+$' },
          },
        ],
        events: [
          {
            name: 'measured',
            version: 1,
            title: 'Lamp measured',
            description: 'A lamp has measured the light around it.',
            schema: { $ref: '#/$defs/Measured' },
            examples: [{ lumens: 3 }],
          },
        ],
      },
    ],
    definitions: {
      Measured: {
        type: 'object',
        properties: { lumens: { type: 'integer', minimum: 0 } },
        required: ['lumens'],
      },
    },
  })
})

test('messages of both directions are events, each once', async () => {
  const { model, problems } = await readModel(`${head('2.6.0')}
channels:
  chat:
    subscribe:
      message: { oneOf: [{ $ref: '#/components/messages/said' }, { $ref: '#/components/messages/left' }] }
    publish:
      message: { oneOf: [{ $ref: '#/components/messages/said' }, { $ref: '#/components/messages/typing' }] }
components:
  messages:
    said: { payload: { type: string } }
    left: { payload: { type: 'null' } }
    typing: { payload: { type: boolean } }
`)
  expect(outline(model)).toEqual(['chat chat: said, left, typing'])
  expect(lines(problems)).toEqual([
    'warning api.yaml:8 #/channels/chat/publish messages of this operation only go to the server; they become events like the others',
  ])
})

test('an event is named by name, key, messageId, title, payload or channel, in that order', async () => {
  const { model, problems } = await readModel(`${head('2.5.0')}
channels:
  by/name: { subscribe: { message: { name: stated, title: A title, payload: {} } } }
  by/key: { subscribe: { message: { $ref: '#/components/messages/keyed' } } }
  by/id: { subscribe: { message: { messageId: identified, payload: {} } } }
  by/title: { subscribe: { message: { title: A fine title, payload: {} } } }
  by/payload: { subscribe: { message: { payload: { $ref: '#/components/schemas/Payload' } } } }
  by/channel: { subscribe: { message: { payload: {} } } }
  two: { subscribe: { message: { oneOf: [{ name: twin, payload: { type: string } }, { name: twin, payload: { type: number } }] } } }
  same: { subscribe: { message: { oneOf: [{ name: twin, payload: { type: string } }, { name: twin, payload: { type: string } }] } } }
  reserved: { subscribe: { message: { $ref: '#/components/messages/message' } } }
components:
  messages: { keyed: { title: Another, payload: {} }, message: { payload: {} } }
  schemas: { Payload: { type: object } }
`)
  expect(outline(model)).toEqual([
    'byName by/name: stated',
    'byKey by/key: keyed',
    'byId by/id: identified',
    'byTitle by/title: aFineTitle',
    'byPayload by/payload: Payload',
    'byChannel by/channel: byChannel',
    'two two: twin, twin2',
    'same same: twin',
    'reserved reserved: messageEvent',
  ])
  expect(places(problems)).toEqual([
    'warning #/channels/two/subscribe/message/oneOf/1',
    'warning #/channels/same/subscribe/message/oneOf/1',
    'warning #/components/messages/message',
  ])
})

// What brokers have for addresses, and what a contract makes of it.
test.each([
  ['/rooms/{room-id}/', 'rooms rooms/{roomId}'],
  ['user.{id}.signedup', 'userSignedup user/{id}/signedup'],
  ['smart.lamps.1.0.event.{lampId}.on', 'smartLamps10EventOn smart.lamps.1.0.event/{lampId}/on'],
  ['acme-{env}-COSTING-{version}', 'acmeCOSTING acme/{env}/COSTING/{version}'],
  ['home/+/temperature', 'homeTemperature home/{part}/temperature'],
  ['orders.*.created', 'ordersCreated orders/{part}/created'],
  ['https://example.com/books/{id}', 'books books/{id}'],
  ['wss://example.com', 'root root'],
  ['/', 'root root'],
  ['{queue}', 'queue {queue}'],
  ['/v1/market/{symbol}?depth={depth}', 'v1Market v1/market/{symbol}'],
  ['über/höhe', 'uberHohe uber/hohe'],
  ['a//b c/./..', 'aBC a/b-c'],
  ['ws:room:{id}', 'wsRoom ws-room/{id}'],
])('the address %s becomes a path', async (address, expected) => {
  const names = [...address.matchAll(/\{([^}]*)\}/g)].map(([, name]) => name)
  const parameters = Object.fromEntries(names.map((name) => [name, { schema: { type: 'string' } }]))
  const { model, problems } = await readModel({
    asyncapi: '2.6.0',
    info: { title: 'a', version: '1.0.0' },
    channels: { [address]: { parameters, subscribe: { message: { name: 'e', payload: {} } } } },
  })
  expect(outline(model)).toEqual([`${expected}: e`])
  const changed = address.replace(/^\//, '') !== model.channels[0]?.path
  expect(problems.some(({ message }) => message.includes('becomes the path'))).toBe(changed)
})

test('channels whose addresses overlap are kept apart', async () => {
  const { model, problems } = await readModel(`${head('2.6.0')}
channels:
  '{queue}':
    parameters: { queue: { schema: { type: string } } }
    subscribe: { message: { name: answer, payload: {} } }
  rpc: { publish: { message: { name: ask, payload: {} } } }
  /rpc: { publish: { message: { name: again, payload: {} } } }
`)
  expect(outline(model)).toEqual(['queue queue/{queue}: answer', 'rpc rpc: ask', 'rpc2 rpc2/rpc: again'])
  expect(lines(problems)).toEqual([
    'warning api.yaml:5 #/channels/{queue} the address "{queue}" becomes the path "queue/{queue}": another channel has the same addresses',
    'warning api.yaml:9 #/channels/~1rpc the address "/rpc" becomes the path "rpc2/rpc": another channel has the same addresses',
  ])
})

test('a trait overrides a message, and gives it what it lacks', async () => {
  const { model, problems } = await readModel(`${head('2.6.0')}
channels:
  a: { subscribe: { message: { $ref: '#/components/messages/e' } } }
components:
  messages:
    e:
      title: Own
      traits: [{ $ref: '#/components/messageTraits/t' }, { deprecated: true }]
      payload: { type: string }
  messageTraits: { t: { title: Of the trait, description: D, headers: { type: object }, examples: [{ payload: x }] } }
`)
  expect(model.channels[0]?.events).toEqual([
    {
      name: 'e',
      version: 1,
      title: 'Of the trait',
      description: 'D',
      deprecated: true,
      schema: { type: 'string' },
      examples: ['x'],
    },
  ])
  expect(lines(problems)).toEqual([
    'loss api.yaml:12 #/components/messageTraits/t/headers the headers are left out: an event has none',
  ])
})

test('schemaFormat says how a payload is read', async () => {
  const { model, problems } = await readModel(`${head('2.6.0')}
channels:
  a:
    subscribe:
      message:
        oneOf:
          - { name: old, schemaFormat: application/schema+json;version=draft-07, payload: { items: [true], additionalItems: false } }
          - { name: oas, schemaFormat: 'application/vnd.oai.openapi;version=3.0.0', payload: { type: string, nullable: true } }
          - { name: own, schemaFormat: 'application/vnd.aai.asyncapi+json;version=2.6.0', payload: { type: string } }
          - { name: avro, schemaFormat: 'application/vnd.apache.avro+json;version=1.9.0', payload: { type: record, fields: [] } }
          - { name: raml, schemaFormat: 'application/raml+yaml;version=1.0', payload: '#%RAML' }
          - { name: binary, contentType: application/x-protobuf, payload: { type: object } }
`)
  const schemas = Object.entries(eventsOf(model)).map(([name, { schema }]) => [name, schema])
  expect(Object.fromEntries(schemas)).toEqual({
    old: { prefixItems: [true], items: false },
    oas: { type: ['string', 'null'] },
    own: { type: 'string' },
    avro: true,
    raml: true,
    binary: { type: 'object' },
  })
  expect(lines(problems)).toEqual([
    'loss api.yaml:12 #/channels/a/subscribe/message/oneOf/3/payload the payload is described in Avro, not in JSON Schema; any JSON is accepted',
    'loss api.yaml:13 #/channels/a/subscribe/message/oneOf/4/payload the payload is described in RAML, not in JSON Schema; any JSON is accepted',
    'warning api.yaml:14 #/channels/a/subscribe/message/oneOf/5/contentType the content type "application/x-protobuf" becomes JSON',
  ])
})

test('one broken message costs none of the others', async () => {
  const { model, problems } = await readModel(`${head('2.6.0')}
channels:
  a:
    subscribe:
      message:
        oneOf:
          - { $ref: '#/components/messages/gone' }
          - a text
          - { name: empty }
          - { name: hollow, payload: { $ref: '#/components/schemas/Gone' } }
          - { name: fine, payload: { type: string } }
  b: { subscribe: {} }
  c: { $ref: '#/components/channels/Gone' }
  d: { publish: { message: [{ name: listed, payload: {} }] } }
  e: null
components: { messages: {}, schemas: { Gene: {} } }
`)
  expect(outline(model)).toEqual(['a a: empty, hollow, fine', 'd d: listed'])
  expect(lines(problems)).toEqual([
    'loss api.yaml:9 #/channels/a/subscribe/message/oneOf/0 "#/components/messages/gone" leads nowhere: there is no "gone" in #/components/messages; the message is left out',
    'loss api.yaml:10 #/channels/a/subscribe/message/oneOf/1 a message must be an object, not "a text"; it is left out',
    'warning api.yaml:11 #/channels/a/subscribe/message/oneOf/2/payload the message has no payload; any JSON is accepted',
    'loss api.yaml:12 #/channels/a/subscribe/message/oneOf/3/payload "#/components/schemas/Gone" leads nowhere: there is no "Gone" in #/components/schemas; did you mean "Gene"?; any value is accepted in its place',
    'warning api.yaml:14 #/channels/b/subscribe "subscribe" has no message',
    'loss api.yaml:15 #/channels/c "#/components/channels/Gone" leads nowhere: there is no "channels" in #/components; the channel is left out',
    'warning api.yaml:16 #/channels/d/publish/message several messages belong under "oneOf"',
  ])
})

test('a bare name where a ref to a message must be', async () => {
  const { model, problems } = await readModel(`${head('2.6.0')}
channels: { a: { subscribe: { message: { $ref: Done } } } }
components: { messages: { Done: { payload: { type: string } } }, schemas: { Done: { type: number } } }
`)
  expect(eventsOf(model).Done?.schema).toEqual({ type: 'string' })
  expect(lines(problems)).toEqual([
    'warning api.yaml:4 #/channels/a/subscribe/message "Done" should be written "#/components/messages/Done"',
  ])
})

test('a document of messages alone is one channel of them', async () => {
  const { model, problems } = await readModel(`${head('2.6.0')}
channels: {}
components: { messages: { a: { payload: {} }, b: { payload: {} } } }
`)
  expect(outline(model)).toEqual(['events events: a, b'])
  expect(places(problems)).toEqual(['warning #/components/messages'])
})
