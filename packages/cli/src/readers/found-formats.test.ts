import { expect, test } from 'vitest'
import { eventsOf, lines, outline, places, readModel } from './read.fixture.ts'

// How the documents look that brokers, catalogues and services publish: what stands in them beside what the standards need,
// and what tools and people make of the standards. Each is our own, in the form of many.

test('a Kafka topic per action, with traits, security and bindings', async () => {
  const { model, problems } = await readModel(`asyncapi: '2.4.0'
info:
  title: City Lamps Kafka API
  version: 1.0.0
  description: |
    Manages the *lamps* of a city.
  license: { name: Apache 2.0, url: https://www.apache.org/licenses/LICENSE-2.0 }
servers:
  test:
    url: test.example.org:{port}
    protocol: kafka-secure
    variables: { port: { default: '8092', enum: ['8092', '18092'] } }
    security: [{ saslScram: [] }]
    tags: [{ name: 'env:test' }]
defaultContentType: application/json
channels:
  city.lamps.1.0.event.{lampId}.lighting.measured:
    description: Measured values are consumed here.
    parameters: { lampId: { $ref: '#/components/parameters/lampId' } }
    publish:
      summary: Inform about the light around a lamp.
      operationId: receiveMeasurement
      traits: [{ $ref: '#/components/operationTraits/kafka' }]
      message: { $ref: '#/components/messages/lightMeasured' }
  city.lamps.1.0.action.{lampId}.turn.on:
    parameters: { lampId: { $ref: '#/components/parameters/lampId' } }
    subscribe: { operationId: turnOn, traits: [{ $ref: '#/components/operationTraits/kafka' }], message: { $ref: '#/components/messages/turnOnOff' } }
  city.lamps.1.0.action.{lampId}.turn.off:
    parameters: { lampId: { $ref: '#/components/parameters/lampId' } }
    subscribe: { operationId: turnOff, message: { $ref: '#/components/messages/turnOnOff' } }
components:
  messages:
    lightMeasured:
      name: lightMeasured
      title: Light measured
      contentType: application/json
      traits: [{ $ref: '#/components/messageTraits/commonHeaders' }]
      payload: { $ref: '#/components/schemas/lightMeasuredPayload' }
    turnOnOff:
      name: turnOnOff
      payload: { $ref: '#/components/schemas/turnOnOffPayload' }
  schemas:
    lightMeasuredPayload:
      type: object
      properties:
        lumens: { type: integer, minimum: 0 }
        sentAt: { $ref: '#/components/schemas/sentAt' }
    turnOnOffPayload:
      type: object
      properties:
        command: { type: string, enum: [on, off] }
        sentAt: { $ref: '#/components/schemas/sentAt' }
    sentAt: { type: string, format: date-time }
  securitySchemes: { saslScram: { type: scramSha256 } }
  parameters: { lampId: { description: Its number., schema: { type: string } } }
  messageTraits:
    commonHeaders: { headers: { type: object, properties: { my-app-header: { type: integer } } } }
  operationTraits:
    kafka: { bindings: { kafka: { clientId: { type: string, enum: [my-app-id] } } } }
`)
  expect(outline(model)).toEqual([
    'cityLamps10EventLightingMeasured city.lamps.1.0.event/{lampId}/lighting.measured: lightMeasured',
    'cityLamps10ActionTurnOn city.lamps.1.0.action/{lampId}/turn.on: turnOnOff',
    'cityLamps10ActionTurnOff city.lamps.1.0.action/{lampId}/turn.off: turnOnOff',
  ])
  expect(Object.keys(model.definitions)).toEqual(['lightMeasuredPayload', 'turnOnOffPayload', 'sentAt'])
  expect(places(problems)).toEqual([
    'warning #/channels/city.lamps.1.0.event.{lampId}.lighting.measured',
    'warning #/channels/city.lamps.1.0.action.{lampId}.turn.on',
    'warning #/channels/city.lamps.1.0.action.{lampId}.turn.off',
    'loss #/components/messageTraits/commonHeaders/headers',
  ])
})

test('request and reply over Kafka, in Avro from a registry', async () => {
  const { model, problems } = await readModel(`asyncapi: 3.0.0
info: { title: Costing, version: '%REPLACED_BY_BUILD%', tags: [{ name: costing }] }
servers: { production: { host: 'prod.example.com:9092', protocol: kafka, bindings: { kafka: { schemaRegistryUrl: 'https://example.com' } } } }
channels:
  costingRequestChannel:
    address: acme-{env}-case-study-COSTING-REQUEST-{version}
    parameters: { env: { $ref: '#/components/parameters/Env' }, version: { $ref: '#/components/parameters/Version' } }
    messages: { CostingRequest: { $ref: '#/components/messages/costingRequestV1' } }
    bindings: { kafka: { replicas: 3, partitions: 3, topicConfiguration: { cleanup.policy: [delete] } } }
  costingResponseChannel:
    address: null
    messages: { costingResponse: { $ref: '#/components/messages/costingResponse' } }
operations:
  requestCosting:
    action: receive
    channel: { $ref: '#/channels/costingRequestChannel' }
    messages: [{ $ref: '#/channels/costingRequestChannel/messages/CostingRequest' }]
    reply:
      address: { location: '$message.header#/REPLY_TOPIC' }
      channel: { $ref: '#/channels/costingResponseChannel' }
components:
  parameters:
    Env: { description: The platform., enum: [dev, prod] }
    Version: { description: Of the topic. }
  messages:
    costingRequestV1:
      name: CostingRequestV1
      payload:
        schemaFormat: application/vnd.apache.avro;version=1.9.0
        schema: { $ref: 'https://example.com/CostingRequest.avsc' }
    costingResponse:
      name: CostingResponse
      headers: { $ref: '#/components/schemas/Headers' }
      correlationId: { $ref: '#/components/correlationIds/costing' }
      payload: { type: object, properties: { id: { type: string } } }
  correlationIds: { costing: { location: '$message.header#/REQUEST_ID' } }
  schemas: { Headers: { type: object } }
`)
  expect(outline(model)).toEqual([
    'costingRequestChannel acme/{env}/case-study-COSTING-REQUEST/{version}: CostingRequestV1',
    'costingResponseChannel costingResponseChannel: CostingResponse',
  ])
  expect(eventsOf(model).CostingRequestV1?.schema).toBe(true)
  expect(places(problems)).toEqual([
    'warning #/info/version',
    'warning #/channels/costingRequestChannel',
    'warning #/channels/costingResponseChannel',
    'loss #/operations/requestCosting/reply',
    'loss #/components/messages/costingRequestV1/payload',
    'loss #/components/messages/costingResponse/headers',
    'loss #/components/messages/costingResponse/correlationId',
  ])
})

test('an export of an event portal: ids in every schema, names with spaces, topics that overlap', async () => {
  const part = (id: string, rest: object) => ({
    $id: `#/properties/${id}`,
    title: `The ${id} Schema`,
    ...rest,
  })
  const { model, problems } = await readModel({
    asyncapi: '2.5.0',
    components: {
      schemas: {
        OnlineOrder: {
          'x-ep-schema-version': '0.1.1',
          $schema: 'http://json-schema.org/draft-07/schema',
          $id: 'http://example.com/example.json',
          type: 'object',
          title: 'The Root Schema',
          required: ['id'],
          properties: {
            id: part('id', { type: 'string', default: '', examples: ['0001'] }),
            items: part('items', {
              type: 'array',
              additionalItems: true,
              items: {
                $id: '#/properties/items/items',
                anyOf: [{ $id: '#/properties/items/items/anyOf/0', type: 'object' }],
              },
            }),
          },
          additionalProperties: true,
        },
      },
      messages: {
        'Online Order Placed': {
          'x-ep-event-id': 'a1',
          payload: { $ref: '#/components/schemas/OnlineOrder' },
        },
        'Order.Updated': {
          payload: { $ref: '#/components/schemas/OnlineOrder' },
          schemaFormat: 'application/vnd.aai.asyncapi+json;version=2.0.0',
        },
      },
    },
    channels: {
      'acme/orders/{status}/v1/{orderId}': {
        publish: { message: { $ref: '#/components/messages/Online%20Order%20Placed' } },
        parameters: {
          status: { schema: { type: 'string', enum: ['placed', 'paid'] }, 'x-ep-enum-name': 'Status' },
          orderId: { schema: { type: 'string' } },
        },
      },
      'acme/orders/updated/v1/{orderId}': {
        subscribe: { message: { $ref: '#/components/messages/Order.Updated' } },
        parameters: { orderId: { schema: { type: 'string' } } },
      },
    },
    info: { title: 'Online Orders - ACME', version: '0.1.0', 'x-ep-application-id': 'a2' },
  })
  expect(model.name).toBe('online-orders-acme')
  expect(outline(model)).toEqual([
    'acmeOrdersV1 acmeOrdersV1/acme/orders/{status}/v1/{orderId}: Online-Order-Placed',
    'acmeOrdersUpdatedV1 acme/orders/updated/v1/{orderId}: Order.Updated',
  ])
  expect(places(problems)).toEqual([
    'warning #/channels/acme~1orders~1{status}~1v1~1{orderId}',
    'warning #/components/messages/Online Order Placed',
  ])
})

test('a WebSocket with one channel for all, messages by a constant and a query', async () => {
  const { model, problems } = await readModel(`asyncapi: 3.0.0
info: { title: Market Data, version: 1.0.0 }
servers: { public: { host: api.example.com, protocol: wss, security: [{ type: userPassword }] } }
channels:
  marketData:
    address: /v1/marketdata/{symbol}
    messages:
      update: { $ref: '#/components/messages/update' }
      message: { summary: Anything., payload: { type: object } }
      error: { payload: { type: object, properties: { reason: { type: string } } } }
    parameters: { symbol: { enum: [btcusd, ethbtc], description: The pair. } }
    bindings: { ws: { bindingVersion: 0.1.0, query: { type: object, properties: { heartbeat: { type: boolean, default: false } } } } }
operations:
  sendMarketData: { action: send, channel: { $ref: '#/channels/marketData' }, summary: Receive updates. }
components:
  messages:
    update:
      summary: An update.
      payload:
        type: object
        properties:
          type: { type: string, enum: [heartbeat, update] }
          events:
            type: array
            items:
              oneOf:
                - { type: object, required: [type], properties: { type: { type: string, const: change }, price: { type: string } } }
                - { type: object, required: [type], properties: { type: { type: string, const: trade }, tid: { type: number } } }
`)
  expect(outline(model)).toEqual(['marketData v1/marketdata/{symbol}: update, messageEvent, errorEvent'])
  expect(eventsOf(model).update?.schema).toMatchObject({
    properties: { events: { items: { discriminator: { propertyName: 'type' } } } },
  })
  expect(places(problems)).toEqual([
    'warning #/channels/marketData/messages/message',
    'warning #/channels/marketData/messages/error',
  ])
})

test('a catalogue of cloud events, each with its own topic and traits', async () => {
  const names = ['BusinessPartner', 'SalesOrder', 'CostCenter'].flatMap((object) =>
    ['Created', 'Changed'].map((action) => ({ object, action, key: `acme_${object}_${action}_v1` })),
  )
  const { model, problems } = await readModel({
    asyncapi: '2.0.0',
    'x-catalog-spec-version': '1.0',
    info: { title: 'Business Events', version: '1.0.0' },
    channels: Object.fromEntries(
      names.map(({ object, action, key }) => [
        `ce/acme/${object.toLowerCase()}/v1/${object}/${action}/v1`,
        { subscribe: { message: { $ref: `#/components/messages/${key}` } } },
      ]),
    ),
    components: {
      messages: Object.fromEntries(
        names.map(({ object, key }) => [
          key,
          {
            name: key.replaceAll('_', '.'),
            summary: `${object} event`,
            contentType: 'application/json',
            traits: [{ $ref: '#/components/messageTraits/CloudEventsContext.v1' }],
            payload: { $ref: `#/components/schemas/${object}` },
          },
        ]),
      ),
      messageTraits: {
        'CloudEventsContext.v1': {
          headers: { type: 'object', properties: { specversion: { const: '1.0' } } },
        },
      },
      schemas: {
        BusinessPartner: {
          type: 'object',
          properties: { BusinessPartner: { type: 'string', maxLength: 10 } },
        },
        SalesOrder: { type: 'object', properties: { SalesOrder: { type: 'string' } } },
        CostCenter: { type: 'object', properties: { CostCenter: { type: 'string' } } },
      },
    },
  })
  expect(outline(model)[0]).toBe(
    'ceAcmeBusinesspartnerV1BusinessPartnerCreatedV1 ce/acme/businesspartner/v1/BusinessPartner/Created/v1: acme.BusinessPartner.Created.v1',
  )
  expect(model.channels).toHaveLength(6)
  expect(places(problems)).toEqual(['loss #/components/messageTraits/CloudEventsContext.v1/headers'])
})

test('a chat with messages named by their type, on "/"', async () => {
  const types = ['hello', 'channel_created', 'message', 'pong']
  const { model, problems } = await readModel({
    asyncapi: '3.0.0',
    info: { title: 'Chat RTM', version: '1.0.0' },
    channels: {
      root: {
        address: '/',
        messages: Object.fromEntries(types.map((type) => [type, { $ref: `#/components/messages/${type}` }])),
      },
    },
    operations: {
      receive: {
        action: 'receive',
        channel: { $ref: '#/channels/root' },
        messages: types.map((type) => ({ $ref: `#/channels/root/messages/${type}` })),
      },
    },
    components: {
      messages: Object.fromEntries(
        types.map((type) => [
          type,
          { payload: { type: 'object', properties: { type: { type: 'string', enum: [type] } } } },
        ]),
      ),
    },
  })
  expect(outline(model)).toEqual(['root root: hello, channel_created, messageEvent, pong'])
  expect(places(problems)).toEqual(['warning #/channels/root', 'warning #/components/messages/message'])
})

test('an API of language models: one stream among the answers of an operation, events in three ways', async () => {
  const constant = (value: string) => ({ type: 'string', enum: [value], 'x-stainless-const': true })
  const named = (name: string, data: object) => ({
    type: 'object',
    properties: { event: constant(name), data },
    required: ['event', 'data'],
    description: `Occurs when ${name}.`,
    'x-oaiMeta': { dataDescription: 'the run' },
  })
  const stream = (schema: string) => ({
    requestBody: { required: true, content: { 'application/json': { schema: { type: 'object' } } } },
    responses: {
      200: {
        description: 'OK',
        content: {
          'application/json': { schema: { $ref: '#/components/schemas/Run' } },
          'text/event-stream': { schema: { $ref: `#/components/schemas/${schema}` } },
        },
      },
    },
  })
  const { model, problems } = await readModel({
    openapi: '3.1.0',
    info: { title: 'Model API', version: '2.3.0', 'x-logo': 'a' },
    security: [{ ApiKey: [] }],
    paths: {
      '/models': { get: { operationId: 'listModels', responses: { 200: { description: 'OK' } } } },
      '/responses': { post: { operationId: 'createResponse', ...stream('ResponseStreamEvent') } },
      '/chat/completions': { post: { operationId: 'createChatCompletion', ...stream('CompletionChunk') } },
      '/threads/{thread_id}/runs': {
        post: {
          operationId: 'createRun',
          parameters: [{ in: 'path', name: 'thread_id', required: true, schema: { type: 'string' } }],
          ...stream('RunStream'),
        },
      },
    },
    components: {
      schemas: {
        ResponseStreamEvent: {
          anyOf: [{ $ref: '#/components/schemas/Delta' }, { $ref: '#/components/schemas/Failed' }],
          discriminator: { propertyName: 'type' },
        },
        Delta: {
          type: 'object',
          properties: { type: constant('response.text.delta'), delta: { type: 'string' } },
          required: ['type'],
        },
        Failed: {
          type: 'object',
          properties: { type: constant('error'), code: { anyOf: [{ type: 'string' }, { type: 'null' }] } },
          required: ['type'],
        },
        CompletionChunk: {
          type: 'object',
          properties: { object: constant('chat.completion.chunk') },
          required: ['object'],
        },
        RunStream: {
          oneOf: ['ThreadStreamEvent', 'RunStreamEvent', 'DoneEvent'].map((name) => ({
            $ref: `#/components/schemas/${name}`,
          })),
        },
        ThreadStreamEvent: {
          oneOf: [
            {
              ...named('thread.created', { type: 'object' }),
              properties: {
                enabled: { type: 'boolean' },
                event: constant('thread.created'),
                data: { type: 'object' },
              },
            },
          ],
        },
        RunStreamEvent: {
          oneOf: ['created', 'queued'].map((state) =>
            named(`thread.run.${state}`, { $ref: '#/components/schemas/Run' }),
          ),
        },
        DoneEvent: named('done', { type: 'string', enum: ['[DONE]'] }),
        Run: { type: 'object', properties: { id: { type: 'string' } } },
      },
    },
  })
  expect(outline(model)).toEqual([
    'createResponse responses: response.text.delta, errorEvent',
    'createChatCompletion chat/completions: CompletionChunk',
    'createRun threads/{thread_id}/runs: thread.created, thread.run.created, thread.run.queued, done',
  ])
  expect(eventsOf(model)).toMatchObject({
    'thread.created': { schema: { type: 'object' }, description: 'Occurs when thread.created.' },
    'thread.run.queued': { schema: { $ref: '#/$defs/Run' } },
    done: { schema: { type: 'string', enum: ['[DONE]'] } },
  })
  expect(lines(problems).map((line) => line.replace(/ (and is left out|is left out|:).*/, ''))).toEqual([
    'loss api.yaml:1 #/paths/~1responses/post/requestBody the request body',
    'loss api.yaml:1 #/paths/~1chat~1completions/post/requestBody the request body',
    'loss api.yaml:1 #/components/schemas/ThreadStreamEvent/oneOf/0 "enabled" beside "event" and "data" is no field of an event',
    'loss api.yaml:1 #/paths/~1threads~1{thread_id}~1runs/post/requestBody the request body',
    expect.stringContaining(
      'warning api.yaml:1 #/components/schemas/Failed the event "error" is called "errorEvent"',
    ),
  ])
})

test('frameworks that describe the event itself, or a list of them', async () => {
  const { model, problems } = await readModel(`openapi: 3.0.1
info: { title: Framework, version: v0 }
paths:
  /spring: { get: { operationId: spring, responses: { '200': { description: OK, content: { text/event-stream: { schema: { type: array, items: { $ref: '#/components/schemas/ServerSentEventPrice' } } } } } } } }
  /fast: { get: { operationId: fast_events_get, responses: { '200': { description: OK, content: { text/event-stream: { itemSchema: { type: object, properties: { data: { type: string, contentMediaType: application/json, contentSchema: { $ref: '#/components/schemas/Price' } }, event: { type: string }, id: { type: string }, retry: { type: integer, minimum: 0 } }, required: [data] } } } } } } }
  /agents: { post: { operationId: conversations.start, responses: { '200': { description: OK, content: { text/event-stream: { schema: { $ref: '#/components/schemas/ConversationEvents' } } } } } } }
  /text: { get: { operationId: text, responses: { '200': { description: OK, content: { text/event-stream: { schema: { type: string, example: 'data: 1' } } } } } } }
components:
  schemas:
    Price: { type: object, properties: { amount: { type: number, format: double } } }
    ServerSentEventPrice: { type: object, properties: { id: { type: string }, event: { type: string }, retry: { type: object }, comment: { type: string }, data: { $ref: '#/components/schemas/Price' } } }
    Types: { type: string, enum: [conversation.started, conversation.done] }
    Started: { type: object, required: [type], properties: { type: { type: string, enum: [conversation.started] } } }
    Done: { type: object, required: [type], properties: { type: { type: string, enum: [conversation.done] } } }
    ConversationEvents:
      type: object
      required: [event, data]
      properties:
        event: { $ref: '#/components/schemas/Types' }
        data: { oneOf: [{ $ref: '#/components/schemas/Started' }, { $ref: '#/components/schemas/Done' }], discriminator: { propertyName: type, mapping: { conversation.started: '#/components/schemas/Started', conversation.done: '#/components/schemas/Done' } } }
`)
  expect(outline(model)).toEqual([
    'spring spring: Price',
    'fast_events_get fast: Price',
    'conversationsStart agents: conversation.started, conversation.done',
    'text text: text',
  ])
  expect(places(problems)).toEqual([
    'warning #/info/version',
    'warning #/paths/~1spring/get/responses/200/content/text~1event-stream/schema',
  ])
})
