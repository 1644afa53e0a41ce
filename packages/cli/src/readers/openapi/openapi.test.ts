import { expect, test } from 'vitest'
import { eventsOf, lines, outline, places, read, readModel } from '../read.fixture.ts'

/** A document whose only operation streams this content. */
function streaming(version: string, media: string, schemas: string = '{}', type = 'text/event-stream') {
  return `openapi: ${version}
info: { title: Jobs, version: 1.2.3 }
paths:
  /jobs/{jobId}/events:
    parameters: [{ name: jobId, in: path, required: true, schema: { type: string, format: uuid } }]
    get:
      operationId: streamJob
      summary: What becomes of a job.
      responses:
        '200': { description: The stream., content: { ${type}: ${media.replaceAll('\n', ' ')} } }
components:
  schemas: ${schemas}
`
}

const started = 'Started: { type: object, required: [by], properties: { by: { type: string } } }'
const done = 'Done: { type: object, required: [code], properties: { code: { type: integer } } }'

const event = (name: string, data: string) =>
  `{ type: object, required: [event, data], properties: { event: { type: string, const: ${name} }, data: ${data}, id: { type: string } } }`
const text = (ref: string) =>
  `{ type: string, contentMediaType: application/json, contentSchema: { $ref: '#/components/schemas/${ref}' } }`
const ref = (name: string) => `{ $ref: '#/components/schemas/${name}' }`

// The three ways in which documents say what a stream carries.
test.each([
  [
    'itemSchema',
    streaming(
      '3.2.0',
      `{ itemSchema: { oneOf: [${event('started', text('Started'))}, ${event('done', text('Done'))}] } }`,
      `{ ${started}, ${done} }`,
    ),
  ],
  [
    'itemSchema in 3.1, with data as it is',
    streaming(
      '3.1.0',
      `{ itemSchema: { anyOf: [${event('started', ref('Started'))}, ${event('done', ref('Done'))}] } }`,
      `{ ${started}, ${done} }`,
    ),
  ],
  [
    'itemSchema with what is common outside of the union',
    streaming(
      '3.2.0',
      `{ itemSchema: { type: object, required: [event, data], properties: { event: { type: string }, data: { type: string }, retry: { type: integer } }, oneOf: [
        { properties: { event: { const: started }, data: { contentSchema: ${ref('Started')} } } },
        { properties: { event: { const: done }, data: { contentMediaType: application/json, contentSchema: ${ref('Done')} } } } ] } }`,
      `{ ${started}, ${done} }`,
    ),
  ],
  [
    'schema as the event in full',
    streaming(
      '3.1.0',
      `{ schema: { oneOf: [${event('started', ref('Started'))}, ${event('done', ref('Done'))}] } }`,
      `{ ${started}, ${done} }`,
    ),
  ],
  [
    'schema as a list of events',
    streaming(
      '3.1.0',
      `{ schema: { type: array, items: { anyOf: [${event('started', ref('Started'))}, ${event('done', ref('Done'))}] } } }`,
      `{ ${started}, ${done} }`,
    ),
  ],
  [
    'one event with a list of names, told apart in its data',
    streaming(
      '3.1.0',
      `{ schema: { type: object, required: [event, data], properties: { event: ${ref('Names')}, data: { oneOf: [${ref('Started')}, ${ref('Done')}] } } } }`,
      `{ ${started}, ${done}, Names: { type: string, enum: [Started, Done] } }`,
    ).replaceAll('started', 'Started'),
  ],
  [
    'unions in unions, by refs',
    streaming(
      '3.0.3',
      `{ schema: ${ref('All')} }`,
      `{ ${started}, ${done}, All: { oneOf: [${ref('Some')}, ${ref('Others')}] }, Some: { oneOf: [${event('started', ref('Started'))}] }, Others: ${event('done', ref('Done'))} }`.replaceAll(
        'const: started',
        'enum: [started]',
      ),
    ),
  ],
])('events in full: %s', async (_name, document) => {
  const { model, problems } = await readModel(document)
  expect(problems.filter(({ message }) => !message.includes('described as a list'))).toEqual([])
  expect(model.channels).toMatchObject([
    {
      key: 'streamJob',
      path: 'jobs/{jobId}/events',
      description: 'What becomes of a job.',
      params: [{ name: 'jobId', schema: { type: 'string', format: 'uuid' } }],
    },
  ])
  const events = model.channels[0]?.events.map(({ name, schema }) => [name.toLowerCase(), schema])
  expect(events).toEqual([
    ['started', { $ref: '#/$defs/Started' }],
    ['done', { $ref: '#/$defs/Done' }],
  ])
  expect(model.definitions).toEqual({
    Started: { type: 'object', properties: { by: { type: 'string' } }, required: ['by'] },
    Done: { type: 'object', properties: { code: { type: 'integer' } }, required: ['code'] },
  })
})

const payload = (type: string, member = 'type') =>
  `{ type: object, required: [${member}], properties: { ${member}: { type: string, enum: [${type}] }, at: { type: string } } }`

test.each([
  ['a discriminator', '{ oneOf: [A, B], discriminator: { propertyName: type } }', 'type'],
  ['a usual word', '{ anyOf: [A, B] }', 'event'],
  ['any member with a constant', '{ oneOf: [A, B] }', 'state'],
])('payloads named by %s', async (_name, union, member) => {
  const schema = union.replace('A', ref('A')).replace('B', ref('B'))
  const { model, problems } = await readModel(
    streaming(
      '3.1.0',
      `{ schema: ${schema} }`,
      `{ A: ${payload('job.started', member)}, B: ${payload('job.done', member)} }`,
    ),
  )
  expect(problems).toEqual([])
  expect(model.channels[0]?.events).toEqual([
    { name: 'job.started', version: 1, schema: { $ref: '#/$defs/A' } },
    { name: 'job.done', version: 1, schema: { $ref: '#/$defs/B' } },
  ])
})

test('payloads that nothing names are named by their definitions or titles', async () => {
  const { model, problems } = await readModel(
    streaming(
      '3.1.0',
      `{ schema: { anyOf: [${ref('Started')}, { title: Job done, type: object }, { type: string }, { type: 'null' }] } }`,
      `{ ${started} }`,
    ),
  )
  expect(outline(model)).toEqual(['streamJob jobs/{jobId}/events: Started, jobDone, streamJob'])
  expect(problems).toEqual([])
})

test('one payload with several names is one event for each', async () => {
  const schemas = `{ A: ${payload('a')}, B: ${payload('b')}, C: ${payload('c, d')} }`
  const { model } = await readModel(
    streaming('3.1.0', `{ schema: { oneOf: [${ref('A')}, ${ref('B')}, ${ref('C')}] } }`, schemas),
  )
  const narrowed = (name: string) => [{ $ref: '#/$defs/C' }, { properties: { type: { const: name } } }]
  expect(eventsOf(model)).toEqual({
    a: { name: 'a', version: 1, schema: { $ref: '#/$defs/A' } },
    b: { name: 'b', version: 1, schema: { $ref: '#/$defs/B' } },
    c: { name: 'c', version: 1, schema: { allOf: narrowed('c') } },
    d: { name: 'd', version: 1, schema: { allOf: narrowed('d') } },
  })
})

test.each([
  ['a text', '{ schema: { type: string } }', { type: 'string' }],
  ['nothing', '{}', true],
  ['anything', '{ schema: true }', true],
  [
    'an object of any meaning',
    '{ schema: { type: object, properties: { object: { const: chunk } } } }',
    { type: 'object', properties: { object: { const: 'chunk' } } },
  ],
  [
    'a payload with a member "data"',
    '{ schema: { type: object, properties: { data: { type: string } } } }',
    { type: 'object', properties: { data: { type: 'string' } } },
  ],
  [
    'a payload with "event", "data" and more',
    '{ schema: { type: object, properties: { event: { type: string }, data: { type: string }, actor: { type: string } } } }',
    {
      type: 'object',
      properties: { event: { type: 'string' }, data: { type: 'string' }, actor: { type: 'string' } },
    },
  ],
])('a stream of %s is one event', async (_name, media, schema) => {
  const { model } = await readModel(streaming('3.1.0', media))
  expect(model.channels[0]?.events).toEqual([{ name: 'streamJob', version: 1, schema }])
})

// `data` is a text in which a value is written; what of it counts is the value.
test.each([
  [
    'a text in the text',
    '{ type: string, contentMediaType: application/json, contentSchema: { type: string } }',
    { type: 'string' },
  ],
  [
    'a text of a pattern',
    '{ type: string, contentSchema: { type: string, pattern: "^a" } }',
    { type: 'string', pattern: '^a' },
  ],
  [
    'an integer',
    '{ type: string, contentMediaType: application/json, contentSchema: { type: integer } }',
    { type: 'integer' },
  ],
  ['any JSON', '{ type: string, contentMediaType: application/json, contentSchema: true }', true],
  ['JSON of which nothing is said', '{ type: string, contentMediaType: application/json }', true],
  ['a text', '{ type: string }', { type: 'string' }],
  ['nothing that may be', '{ type: string, contentSchema: false }', false],
  ['by a ref', '{ $ref: "#/components/schemas/Data" }', { type: 'boolean' }],
])('data in an item: %s', async (_name, data, schema) => {
  const { model, problems } = await readModel(
    streaming(
      '3.2.0',
      `{ itemSchema: ${event('e', data)} }`,
      '{ Data: { type: string, contentSchema: { type: boolean } } }',
    ),
  )
  expect(model.channels[0]?.events).toEqual([{ name: 'e', version: 1, schema }])
  expect(problems).toEqual([])
})

test('what a text holds is not checked inside of a payload, which is told', async () => {
  const { model, problems } = await readModel(
    streaming(
      '3.2.0',
      `{ itemSchema: ${event('e', '{ type: object, properties: { inner: { type: string, contentSchema: { type: integer } } } }')} }`,
    ),
  )
  expect(eventsOf(model).e?.schema).toEqual({ type: 'object', properties: { inner: { type: 'string' } } })
  expect(places(problems)).toMatchObject([expect.stringMatching(/^loss .*\/inner\/contentSchema$/)])
})

test('a constant item is an event, as is what has other members beside', async () => {
  const { model, problems } = await readModel(
    streaming(
      '3.2.0',
      `{ itemSchema: { oneOf: [${event('e', '{ type: string }')}, { const: { data: '[DONE]' } }, { type: object, required: [event, data], properties: { enabled: { type: boolean }, event: { enum: [more] }, data: { type: integer } } }] } }`,
    ),
  )
  expect(model.channels[0]?.events).toEqual([
    { name: 'e', version: 1, schema: { type: 'string' } },
    { name: 'streamJob', version: 1, schema: { const: '[DONE]' } },
    { name: 'more', version: 1, schema: { type: 'integer' } },
  ])
  expect(lines(problems)).toMatchObject([expect.stringContaining('"enabled" beside "event" and "data"')])
})

test('examples go to the events that they are examples of', async () => {
  const { model, problems } = await readModel(
    streaming(
      '3.2.0',
      `{ itemSchema: { oneOf: [${event('said', '{ type: string }')}, ${event('done', text('Done'))}] }, examples: {
        list: { dataValue: [{ event: said, data: hello }, { event: done, data: '{"code":7}' }], serializedValue: 'event: said' },
        wrong: { value: { event: done, data: '{"code":"x"}' } }, alien: { value: { event: other, data: 1 } }, text: { value: 'event: said' } } }`,
      `{ ${done} }`,
    ),
  )
  expect(eventsOf(model)).toMatchObject({ said: { examples: ['hello'] }, done: { examples: [{ code: 7 }] } })
  expect(lines(problems)).toMatchObject([
    expect.stringContaining('the example fits none of the events'),
    expect.stringContaining('the example does not fit its schema (code is "x", not integer)'),
  ])
})

test('an example that fits several payloads is one of that which knows its members', async () => {
  const { model, problems } = await readModel(
    streaming(
      '3.1.0',
      `{ schema: { oneOf: [${ref('A')}, ${ref('B')}] }, examples: { a: { value: { a: x } }, b: { value: { b: y } } } }`,
      '{ A: { type: object, properties: { a: { type: string } } }, B: { type: object, properties: { b: { type: string } } } }',
    ),
  )
  expect(eventsOf(model)).toMatchObject({ A: { examples: [{ a: 'x' }] }, B: { examples: [{ b: 'y' }] } })
  expect(problems).toEqual([])
})

test('every operation that streams is a channel, and what an address has no place for is told', async () => {
  const { model, problems } = await readModel(`openapi: 3.1.0
info: { title: All, version: 1.0.0 }
paths:
  /plain: { get: { responses: { 200: { description: no stream, content: { application/json: { schema: {} } } } } } }
  /both:
    post:
      operationId: create-both
      deprecated: true
      parameters: [{ name: since, in: query, schema: { type: string } }, { $ref: '#/components/parameters/Trace' }, { $ref: '#/components/parameters/Gone' }]
      requestBody: { content: { application/json: { schema: { type: object } } } }
      responses:
        2XX: { $ref: '#/components/responses/Stream' }
        404: { $ref: '#/components/responses/Gone' }
  /shared: { $ref: '#/components/pathItems/Shared' }
  /lines: { get: { responses: { default: { description: JSON lines, content: { application/x-ndjson: { itemSchema: { type: object } } } } } } }
  /charset: { get: { responses: { 200: { description: s, content: { 'Text/Event-Stream; charset=utf-8': { schema: { type: string } } } } } } }
  /gone: { get: { operationId: gone, responses: { 200: { $ref: '#/components/responses/Gone' } } } }
  x-own: {}
components:
  parameters: { Trace: { name: X-Trace, in: header, schema: { type: string } } }
  responses: { Stream: { description: s, content: { text/event-stream: { schema: { type: string } } } } }
  pathItems: { Shared: { description: Shared by all., get: { responses: { 200: { $ref: '#/components/responses/Stream' } } } } }
`)
  expect(outline(model)).toEqual([
    'createBoth both: createBoth',
    'shared shared: shared',
    'lines lines: lines',
    'charset charset: charset',
  ])
  expect(model.channels[0]?.events[0]?.deprecated).toBe(true)
  expect(model.channels[1]?.description).toBe('Shared by all.')
  expect(places(problems)).toEqual([
    'loss #/paths/~1both/post/parameters/2',
    'loss #/paths/~1both/post/parameters/0',
    'loss #/paths/~1both/post/requestBody',
    'warning #/paths/~1both/post/responses/404',
    'warning #/paths/~1lines/get/responses/default/content/application~1x-ndjson',
    'loss #/paths/~1gone/get/responses/200',
    'loss #/components/parameters/Trace',
  ])
})

test('methods and operations of OpenAPI 3.2', async () => {
  const { model } = await readModel(`openapi: 3.2.0
info: { title: All, version: 1.0.0 }
paths:
  /a:
    query: { operationId: asked, responses: { 200: { description: s, content: { text/event-stream: { $ref: '#/components/mediaTypes/S' } } } } }
    additionalOperations:
      LINK: { operationId: linked, responses: { 200: { description: s, content: { text/event-stream: { itemSchema: { properties: { data: { type: string } } } } } } } }
components:
  mediaTypes: { S: { itemSchema: { type: object, properties: { event: { const: e }, data: { type: integer } } } } }
`)
  expect(outline(model)).toEqual(['asked a: e', 'linked linked/a: linked'])
})

test('OpenAPI 3.0 has its own words', async () => {
  const { model, problems } = await readModel(
    streaming(
      '3.0.3',
      `{ schema: ${ref('Done')} }`,
      `{ Done: { type: object, required: [code], properties: { code: { type: integer, minimum: 0, exclusiveMinimum: true, nullable: true, example: 3 }, pet: { nullable: true, allOf: [${ref('Pet')}] }, at: { $ref: '#/components/schemas/Pet', description: D, maxLength: 2 } } }, Pet: { type: string, readOnly: true, xml: { name: pet } } }`,
    ),
  )
  expect(model.definitions).toEqual({
    Done: {
      type: 'object',
      properties: {
        code: { type: ['integer', 'null'], exclusiveMinimum: 0, examples: [3] },
        pet: { anyOf: [{ $ref: '#/$defs/Pet' }, { type: 'null' }] },
        at: { description: 'D', $ref: '#/$defs/Pet' },
      },
      required: ['code'],
    },
    Pet: { type: 'string' },
  })
  expect(places(problems)).toEqual([
    'warning #/components/schemas/Done/properties/pet/nullable',
    'warning #/components/schemas/Done/properties/at',
  ])
})

// The way of large language models: one operation among many, a union of many events by refs.
const many = Array.from({ length: 44 }, (_, index) => `response.part_${index}.delta`)

test.each(['3.1.0', '3.2.0'])('a union of 44 events in OpenAPI %s', async (version) => {
  const option = (name: string, index: number) =>
    version === '3.1.0'
      ? {
          type: 'object',
          required: ['type'],
          properties: {
            type: { type: 'string', enum: [name] },
            index: { const: index },
            item: { $ref: '#/components/schemas/Item' },
          },
        }
      : {
          type: 'object',
          required: ['event', 'data'],
          properties: {
            event: { const: name },
            data: {
              type: 'string',
              contentMediaType: 'application/json',
              contentSchema: { type: 'object', properties: { item: { $ref: '#/components/schemas/Item' } } },
            },
          },
        }
  const refs = many.map((_, index) => ({ $ref: `#/components/schemas/Part${index}Event` }))
  const union = { oneOf: refs, discriminator: { propertyName: version === '3.1.0' ? 'type' : 'event' } }
  const others = Array.from({ length: 300 }, (_, index) => [
    `/things/${index}`,
    {
      get: {
        operationId: `get${index}`,
        responses: {
          200: {
            description: 'T',
            content: { 'application/json': { schema: { $ref: '#/components/schemas/Item' } } },
          },
        },
      },
    },
  ])
  const { model, problems } = await readModel({
    openapi: version,
    info: { title: 'Answers', version: '2.0.0' },
    paths: {
      ...Object.fromEntries(others),
      '/responses': {
        post: {
          operationId: 'createResponse',
          responses: {
            200: {
              description: 'OK',
              content: {
                'application/json': { schema: { $ref: '#/components/schemas/Item' } },
                'text/event-stream':
                  version === '3.1.0'
                    ? { schema: { $ref: '#/components/schemas/Stream' } }
                    : { itemSchema: { $ref: '#/components/schemas/Stream' } },
              },
            },
          },
        },
      },
    },
    components: {
      schemas: {
        Stream: union,
        ...Object.fromEntries(many.map((name, index) => [`Part${index}Event`, option(name, index)])),
        Item: {
          type: 'object',
          properties: { parts: { type: 'array', items: { $ref: '#/components/schemas/Item' } } },
        },
      },
    },
  })
  expect(problems).toEqual([])
  expect(outline(model)).toEqual([`createResponse responses: ${many.join(', ')}`])
  expect(Object.keys(model.definitions)).toHaveLength(version === '3.1.0' ? 45 : 1)
})

test.each([
  [
    '3.1.0',
    '{}',
    'no response of this document has an event stream ("text/event-stream") that could be read',
  ],
  ['2.0', '{}', 'OpenAPI 2 is not known; 3.x are'],
])('a document without streams is refused: %s', async (version, paths, message) => {
  const { model, problems } = await read(
    `openapi: ${version}\ninfo: { title: a, version: 1.0.0 }\npaths: ${paths}\n`,
  )
  expect(model).toBeUndefined()
  expect(problems).toMatchObject([{ severity: 'error', pointer: '#', message }])
})
