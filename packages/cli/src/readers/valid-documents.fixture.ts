/** Documents without a fault, one of each kind, to be spoilt. Each file is data; the first one is read. */
export const validDocuments: Readonly<Record<string, Readonly<Record<string, object>>>> = {
  'AsyncAPI 2': {
    'api.yaml': {
      asyncapi: '2.6.0',
      info: { title: 'Lamps', version: '1.0.0' },
      channels: {
        'lamps/{lampId}/measured': {
          parameters: { lampId: { $ref: '#/components/parameters/lampId' } },
          subscribe: {
            message: {
              oneOf: [{ $ref: '#/components/messages/measured' }, { name: 'off', payload: { type: 'null' } }],
            },
          },
          publish: { message: { payload: { type: 'string' } } },
        },
        'user.{id}': { subscribe: { message: { $ref: 'messages.yaml#/signedUp' } } },
      },
      components: {
        parameters: { lampId: { schema: { type: 'integer', minimum: 1 } } },
        messages: {
          measured: {
            traits: [{ $ref: '#/components/messageTraits/common' }],
            payload: { $ref: '#/components/schemas/Measured' },
            examples: [{ payload: { lumens: 3 } }],
          },
        },
        messageTraits: { common: { headers: { type: 'object' }, contentType: 'application/json' } },
        schemas: {
          Measured: {
            type: 'object',
            properties: {
              lumens: { type: 'integer', minimum: 0, exclusiveMinimum: true },
              parts: { type: 'array', items: { $ref: '#/components/schemas/Measured' } },
            },
            required: ['lumens'],
            additionalProperties: false,
          },
        },
      },
    },
    'messages.yaml': {
      signedUp: { title: 'Signed up', payload: { $ref: '#/User' } },
      User: { type: 'string' },
    },
  },
  'AsyncAPI 3': {
    'api.yaml': {
      asyncapi: '3.0.0',
      info: { title: 'Rooms', version: '1.0.0' },
      channels: {
        rooms: {
          address: 'rooms/{room-id}',
          messages: {
            said: { $ref: '#/components/messages/said' },
            left: { payload: { schemaFormat: 'application/schema+json;version=draft-07', schema: true } },
          },
          parameters: { 'room-id': { enum: ['a', 'b'], default: 'a' } },
        },
        nowhere: { address: null, messages: { said: { $ref: '#/channels/rooms/messages/said' } } },
      },
      operations: {
        say: {
          action: 'receive',
          channel: { $ref: '#/channels/rooms' },
          messages: [{ $ref: '#/channels/rooms/messages/said' }],
          reply: { channel: { $ref: '#/channels/nowhere' } },
        },
      },
      components: {
        messages: { said: { title: 'Said', payload: { $ref: '#/components/schemas/Said' } } },
        schemas: {
          Said: {
            oneOf: [
              { $ref: '#/components/schemas/Text' },
              { type: 'object', properties: { kind: { const: 'image' } }, required: ['kind'] },
            ],
            discriminator: 'kind',
          },
          Text: {
            allOf: [
              {
                properties: {
                  kind: { const: 'text' },
                  text: { type: 'string', pattern: '^a', maxLength: 9 },
                },
              },
              { required: ['kind'], dependencies: { text: ['kind'] } },
            ],
          },
        },
      },
    },
  },
  'OpenAPI 3.1': {
    'api.yaml': {
      openapi: '3.1.0',
      info: { title: 'Answers', version: '1.0.0' },
      paths: {
        '/answers/{id}': {
          parameters: [
            { name: 'id', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } },
          ],
          get: { responses: { 200: { $ref: '#/components/responses/Stream' } } },
        },
      },
      components: {
        responses: {
          Stream: {
            description: 'S',
            content: {
              'text/event-stream': {
                schema: {
                  oneOf: [{ $ref: '#/components/schemas/Delta' }, { $ref: '#/components/schemas/Done' }],
                  discriminator: {
                    propertyName: 'type',
                    mapping: { delta: 'Delta', done: '#/components/schemas/Done' },
                  },
                },
                examples: { one: { value: { type: 'delta', text: 'a' } } },
              },
            },
          },
        },
        schemas: {
          Delta: {
            type: 'object',
            properties: { type: { const: 'delta' }, text: { type: ['string', 'null'] } },
            required: ['type'],
          },
          Done: {
            type: 'object',
            properties: { type: { enum: ['done'] }, sum: { type: 'number', examples: [1] } },
            required: ['type'],
            unevaluatedProperties: false,
          },
        },
      },
    },
  },
  'OpenAPI 3.2': {
    'api.yaml': {
      openapi: '3.2.0',
      info: { title: 'Jobs', version: '1.0.0' },
      paths: {
        '/jobs': {
          get: {
            operationId: 'jobs',
            parameters: [{ name: 'since', in: 'query', schema: { type: 'string' } }],
            responses: {
              200: {
                description: 'S',
                content: {
                  'text/event-stream': {
                    itemSchema: {
                      type: 'object',
                      properties: { event: { type: 'string' }, data: { type: 'string' } },
                      required: ['event'],
                      oneOf: [
                        { properties: { event: { const: 'text' } } },
                        {
                          properties: {
                            event: { const: 'json' },
                            data: {
                              contentMediaType: 'application/json',
                              contentSchema: { $ref: '#/components/schemas/Job' },
                            },
                          },
                        },
                      ],
                    },
                  },
                },
              },
            },
          },
        },
      },
      components: {
        schemas: { Job: { prefixItems: [{ type: 'integer' }], items: false, contains: { const: 1 } } },
      },
    },
  },
  'JSON Schema': {
    'api.yaml': {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: 'https://example.com/events.json',
      title: 'Events',
      anyOf: [{ $ref: '#/$defs/A' }, { $ref: 'b.json#/definitions/B' }, { $ref: '#c' }],
      $defs: {
        A: {
          type: 'object',
          properties: { a: { $ref: '#/$defs/A' }, b: { $ref: 'b.json' } },
          patternProperties: { '^x': { type: 'string' } },
        },
        C: { $anchor: 'c', if: { type: 'string' }, else: { propertyNames: { minLength: 1 } }, default: 'c' },
      },
    },
    'b.json': {
      $schema: 'http://json-schema.org/draft-07/schema#',
      definitions: { B: { items: [{ type: 'string' }], additionalItems: { $ref: '#' } } },
      not: { enum: [1, null] },
    },
  },
}
