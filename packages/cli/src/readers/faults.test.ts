import { expect, test } from 'vitest'
import { lines, outline, read, readModel } from './read.fixture.ts'

const head = 'asyncapi: 3.0.0\ninfo: { title: a, version: 1.0.0 }\n'

// Text that is not what it should be. The document has one channel with one event, `e`.
test.each<[name: string, text: string, told: readonly string[]]>([
  [
    'tabs',
    `${head}channels:\n\ta:\n\t\taddress: a\n\t\tmessages:\n\t\t\te: { payload: { type: string } }\n`,
    ['warning api.yaml:4 # YAML is not indented with tabs; each is read as two spaces'],
  ],
  [
    'a key that stands twice and says another thing',
    `${head}channels:\n  a:\n    address: b\n    address: a\n    messages: { e: { payload: { type: string } } }\n`,
    ['loss api.yaml:6 #/channels/a/address the key "address" stands here twice; only the last is read'],
  ],
  [
    'a key that stands twice and says the same',
    `${head}channels:\n  a:\n    address: a\n    address: a\n    messages: { e: { payload: { type: string } } }\n`,
    ['warning api.yaml:6 #/channels/a/address the key "address" stands here twice; both say the same'],
  ],
  [
    'several documents',
    `${head}channels: { a: { address: a, messages: { e: { payload: { type: string } } } } }\n---\nother: 1\n`,
    ['warning api.yaml:4 # the file holds several documents; only the first is read'],
  ],
  [
    'a byte order mark and Windows line ends',
    `\uFEFF${head}channels:\r\n  a:\r\n    address: a\r\n    messages: { e: { payload: { type: string } } }\r\n`,
    [],
  ],
  [
    'anchors, aliases and merge keys',
    `${head}x-e: &e { payload: { type: number } }\nchannels:\n  a:\n    address: a\n    messages:\n      e: { <<: *e, payload: { type: string } }\n`,
    [],
  ],
  [
    'comments and trailing commas in JSON',
    '{ "asyncapi": "3.0.0", // the version\n "info": { "title": "a", "version": "1.0.0" },\n "channels": { "a": { "address": "a", "messages": { "e": { "payload": { "type": "string", } } } } } }\n',
    [
      'warning api.json:1 # this is not strict JSON (comments, commas too many, or YAML); it is read all the same',
    ],
  ],
  [
    'an empty line at the end, and values that are empty',
    `${head}servers:\nchannels:\n  a:\n    description:\n    address: a\n    parameters:\n    tags:\n    messages:\n      e:\n        title:\n        examples:\n        payload: { type: string, description: , required: , properties: }\n`,
    [],
  ],
])('%s', async (name, text, told) => {
  const { model, problems } = await read(text, {}, name.includes('JSON') ? 'api.json' : 'api.yaml')
  expect(lines(problems)).toEqual(told)
  expect(model?.channels).toMatchObject([
    { key: 'a', path: 'a', events: [{ name: 'e', schema: { type: 'string' } }] },
  ])
})

// Members of a wrong type. The rest is read as it is.
test.each<[name: string, text: string, told: string]>([
  ['info', 'info: a text\n', ''],
  ['the title', 'info: { title: 7, version: 1.0.0 }\n', ''],
  [
    'the version as a number',
    'info: { title: a, version: 2.10 }\n',
    'warning api.yaml:2 #/info/version "2.10" is no semantic version; it is read as "2.10.0"',
  ],
  [
    'the version as a date',
    'info: { title: a, version: 2024-01-05 }\n',
    'warning api.yaml:2 #/info/version "2024-01-05" is no semantic version; it is read as "2024.1.5"',
  ],
  ['no version', 'info: { title: a }\n', ''],
  ['servers', 'servers: [1, 2]\n', ''],
  ['operations', 'operations: { a: 1, b: { channel: 1 }, c: { channel: { $ref: 1 } }, d: [] }\n', ''],
  ['components', 'components: []\n', ''],
  [
    'a ref that is unused',
    "components: { messages: { f: { $ref: '#/components/messages/g' } } }\n",
    'warning api.yaml:2 #/components/messages/f "#/components/messages/g" leads nowhere: there is no "g" in #/components/messages; nothing that is imported needs it',
  ],
])('%s', async (_name, text, told) => {
  const channels = 'channels: { a: { address: a, messages: { e: { payload: { type: string } } } } }\n'
  const { model, problems } = await readModel(`asyncapi: 3.0.0\n${text}${channels}`)
  expect(outline(model)).toEqual(['a a: e'])
  expect(lines(problems).join('\n')).toBe(told)
})

test.each<[name: string, message: string, told: readonly string[]]>([
  [
    'payload',
    'payload: 7',
    [
      'loss api.yaml:8 #/channels/a/messages/f/payload a schema must be an object, not 7; any value is accepted',
    ],
  ],
  [
    'payload in a list',
    'payload: [{ type: string }]',
    [
      'loss api.yaml:8 #/channels/a/messages/f/payload a schema must be an object, not a list; any value is accepted',
    ],
  ],
  [
    'no payload',
    'title: T',
    ['warning api.yaml:8 #/channels/a/messages/f/payload the message has no payload; any JSON is accepted'],
  ],
  ['name', 'name: [a], payload: {}', []],
  ['examples', 'payload: {}, examples: { a: 1 }', []],
  [
    'an example',
    'payload: { type: string }, examples: [bare]',
    ['warning api.yaml:8 #/channels/a/messages/f/examples/0 an example belongs under "payload"'],
  ],
  [
    'a wrong example',
    'payload: { type: string }, examples: [{ payload: 1 }]',
    [
      'warning api.yaml:8 #/channels/a/messages/f/examples/0/payload the example does not fit its schema (it is 1, not string); it is left out',
    ],
  ],
  [
    'an example as a text',
    `payload: { type: object }, examples: [{ payload: '{"a": 1}' }]`,
    [
      'warning api.yaml:8 #/channels/a/messages/f/examples/0/payload the example is JSON in a string; it is read as what it says',
    ],
  ],
  ['traits', 'payload: {}, traits: 7', []],
  [
    'a trait',
    "payload: {}, traits: [{ $ref: '#/gone' }]",
    [
      'loss api.yaml:8 #/channels/a/messages/f/traits/0 "#/gone" leads nowhere: there is no "gone" in #; the trait is left out',
    ],
  ],
  ['schemaFormat', 'payload: {}, schemaFormat: 7', []],
  [
    'type',
    'payload: { type: strin }',
    [
      'loss api.yaml:8 #/channels/a/messages/f/payload/type "type" must be one of null, boolean, integer, number, string, array, object, not "strin"; it is left out',
    ],
  ],
  [
    'properties',
    'payload: { type: object, properties: [a] }',
    [
      'loss api.yaml:8 #/channels/a/messages/f/payload/properties "properties" must be an object of schemas, not a list; it is left out',
    ],
  ],
  [
    'a property',
    'payload: { type: object, properties: { a: string, b: {} } }',
    [
      'loss api.yaml:8 #/channels/a/messages/f/payload/properties/a a schema must be an object, not "string"; any value is accepted',
    ],
  ],
  [
    'required',
    'payload: { type: object, required: yes, properties: {} }',
    [
      'warning api.yaml:8 #/channels/a/messages/f/payload/required "required" should be a list of names, not "yes"; it is read as a list',
    ],
  ],
])('a message with a wrong %s costs nothing else', async (_name, message, told) => {
  const { model, problems } = await readModel(
    `${head}channels:
  a:
    address: a
    messages:
      e: { payload: { type: string } }
      f: { ${message} }
`,
  )
  expect(outline(model)).toEqual(['a a: e, f'])
  expect(lines(problems)).toEqual(told)
})

// Refs that are not as they should be, and where only one thing can be meant.
test.each<[ref: string, told: string]>([
  ['#/components/schemas/a~1b', ''],
  ['#/components/schemas/a%2Fb', ''],
  ['#/components/schemas/a/b', 'should be written "#/components/schemas/a~1b"'],
  ['#/components/schemas/with space', ''],
  ['#/components/schemas/with%20space', ''],
  ['#/components/schemas/100%', ''],
  ['#/components/schemas/100%25', ''],
  ['#/components/schemas/til~0de', ''],
  ['#/components/schemas/%7Bid%7D', ''],
  ['#/components/schemas/{id}', ''],
  [
    '#/channels/user/{id}/up/messages/x/payload',
    'should be written "#/channels/user~1{id}~1up/messages/x/payload"',
  ],
  ['#/channels/user~1%7Bid%7D~1up/messages/x/payload', ''],
  ['#/components/messages/y/payload', ''],
  ['./api.yaml#/components/schemas/plain', ''],
  ['plain', 'should be written "#/components/schemas/plain"'],
  [' #/components/schemas/plain', ''],
])('the ref %s', async ($ref, told) => {
  const schema = { type: 'integer' }
  const names = ['a/b', 'with space', '100%', 'til~de', '{id}', 'plain']
  const { model, problems } = await readModel({
    asyncapi: '3.0.0',
    info: { title: 'a', version: '1.0.0' },
    channels: {
      a: { address: 'a', messages: { e: { payload: { type: 'array', items: { $ref } } } } },
      'user/{id}/up': { address: null, messages: { x: { payload: schema } } },
    },
    components: {
      schemas: Object.fromEntries(names.map((name) => [name, schema])),
      messages: { y: { $ref: '#/channels/user~1{id}~1up/messages/x' } },
    },
  })
  expect(Object.values(model.definitions)).toEqual([schema])
  const own = problems.filter(({ pointer }) => pointer.endsWith('/items'))
  expect(own).toHaveLength(told === '' ? 0 : 1)
  if (told !== '')
    expect(own[0]).toMatchObject({ severity: 'warning', message: expect.stringContaining(told) })
})

test.each([
  ['nothing', '', 'error api.yaml:1 # the file is empty'],
  ['a text', 'hello', 'error api.yaml:1 # a document must be an object, not "hello"'],
  ['a list', '- 1\n- 2\n', 'error api.yaml:1 # a document must be an object, not a list'],
  [
    'YAML with a fault',
    'asyncapi: 3.0.0\ninfo:\n  title: a: b\n',
    'error api.yaml:3 # this is neither YAML nor JSON: Nested mappings are not allowed in compact mappings',
  ],
  [
    'JSON with a fault',
    '{\n "asyncapi": "3.0.0",\n "info": {"title" "a"}\n}',
    'error api.yaml:3 # this is neither YAML nor JSON: Missing , or : between flow map items',
  ],
  [
    'Swagger',
    'swagger: "2.0"\n',
    'error api.yaml:1 # Swagger 2.0 has no event streams; convert the document to OpenAPI 3.1 first',
  ],
  [
    'an old AsyncAPI',
    'asyncapi: 1.2.0\n',
    'error api.yaml:1 # AsyncAPI "1.2.0" is not known; 2.x and 3.x are',
  ],
  ['a future OpenAPI', 'openapi: 4.0.0\n', 'error api.yaml:1 # OpenAPI "4.0.0" is not known; 3.x are'],
  [
    'HTML',
    '<!doctype html>\n<html></html>\n',
    'error api.yaml:1 # a document must be an object, not "<!doctype html> <html></html>"',
  ],
])('%s is refused', async (_name, text, told) => {
  const { model, problems } = await read(text)
  expect(model).toBeUndefined()
  expect(lines(problems)).toEqual([told])
})

test('a version that is newer, or a number, is read all the same', async () => {
  const rest =
    '\ninfo: { title: a, version: 1.0.0 }\nchannels: { a: { address: a, messages: { e: { payload: {} } } } }\n'
  expect(lines((await readModel(`asyncapi: 3.7.0${rest}`)).problems)).toEqual([
    'warning api.yaml:1 # AsyncAPI 3.7.0 is newer than 3.1, as which it is read',
  ])
  expect(lines((await readModel(`asyncapi: 3.0${rest}`)).problems)).toEqual([
    'warning api.yaml:1 # the version of AsyncAPI should be a string: "3.0.0"',
  ])
})
