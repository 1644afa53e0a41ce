import { expect, test } from 'vitest'
import { eventsOf, lines, outline, places, read, readModel } from './read.fixture.ts'

test('an AsyncAPI document in several folders, where everything is somewhere else', async () => {
  const { model, problems } = await readModel(
    `asyncapi: 3.0.0
info: { title: Social, version: 1.0.0 }
channels:
  liked: { $ref: 'channels/liked.yaml' }
  changed:
    address: comment/{commentId}/changed
    messages: { changed: { $ref: './common/messages.yaml#/changed' } }
    parameters: { commentId: { $ref: './common/parameters.yaml#/commentId' } }
`,
    {
      'channels/liked.yaml':
        'address: comment/liked\nmessages: { liked: { $ref: ../common/messages.yaml#/liked } }\n',
      'common/messages.yaml': `liked: { payload: { $ref: schemas.json#/Liked } }
changed: { title: Comment changed, payload: { $ref: ./schemas.json#/Changed }, examples: [{ payload: { by: 1 } }] }
`,
      'common/parameters.yaml': 'commentId: { description: Of the comment. }\n',
      'common/schemas.json': {
        Liked: { type: 'object', properties: { by: { $ref: '#/UserId' }, in: { $ref: 'more/deep.yaml' } } },
        Changed: { type: 'object', properties: { by: { $ref: '#/UserId' } }, required: ['by'] },
        UserId: { type: 'string' },
      },
      'common/more/deep.yaml': 'title: Deep thing\ntype: array\nitems: { $ref: ../schemas.json#/Liked }\n',
    },
  )
  expect(outline(model)).toEqual([
    'liked comment/liked: liked',
    'changed comment/{commentId}/changed: changed',
  ])
  expect(model.definitions).toEqual({
    Liked: {
      type: 'object',
      properties: { by: { $ref: '#/$defs/UserId' }, in: { $ref: '#/$defs/DeepThing' } },
    },
    UserId: { type: 'string' },
    DeepThing: { title: 'Deep thing', type: 'array', items: { $ref: '#/$defs/Liked' } },
    Changed: { type: 'object', properties: { by: { $ref: '#/$defs/UserId' } }, required: ['by'] },
  })
  expect(lines(problems)).toEqual([
    'warning common/messages.yaml:2 #/changed/examples/0/payload the example does not fit its schema (by is 1, not string); it is left out',
  ])
})

test('a message that is a file of its own is named after it', async () => {
  const { model, problems } = await readModel(
    `asyncapi: 2.6.0
info: { title: a, version: 1.0.0 }
channels:
  users: { subscribe: { message: { oneOf: [{ $ref: messages/user-signed-up.yaml }, { $ref: messages/UserLeft.json }] } } }
`,
    {
      'messages/user-signed-up.yaml': 'payload: { $ref: ../schemas/user.schema.json }\n',
      'messages/UserLeft.json': '{ "payload": { "type": "null" } }',
      'schemas/user.schema.json': '{ "type": "object" }',
    },
  )
  expect(outline(model)).toEqual(['users users: user-signed-up, UserLeft'])
  expect(model.definitions).toEqual({ user: { type: 'object' } })
  expect(problems).toEqual([])
})

test('an OpenAPI document in several files', async () => {
  const { model, problems } = await readModel(
    `openapi: 3.1.0
info: { title: Jobs, version: 1.0.0 }
paths:
  /jobs/{id}: { $ref: paths/jobs.yaml }
`,
    {
      'paths/jobs.yaml': `parameters: [{ $ref: '../parameters.yaml#/id' }]
get: { operationId: jobs, responses: { '200': { $ref: '../responses.yaml#/stream' } } }
`,
      'parameters.yaml': 'id: { name: id, in: path, required: true, schema: { type: integer } }\n',
      'responses.yaml':
        'stream: { description: s, content: { text/event-stream: { schema: { $ref: schemas/events.yaml } } } }\n',
      'schemas/events.yaml': `oneOf: [{ $ref: a.yaml }, { $ref: b.yaml }]
discriminator: { propertyName: type, mapping: { first: a.yaml, second: ./b.yaml } }
`,
      'schemas/a.yaml': 'type: object\nrequired: [type]\nproperties: { type: { type: string } }\n',
      'schemas/b.yaml': 'type: object\nproperties: { n: { type: integer } }\n',
    },
  )
  expect(outline(model)).toEqual(['jobs jobs/{id}: first, second'])
  expect(eventsOf(model).second?.schema).toEqual({
    allOf: [
      { $ref: '#/$defs/b' },
      { type: 'object', properties: { type: { const: 'second' } }, required: ['type'] },
    ],
  })
  expect(problems).toEqual([])
})

test('refs to the URI that a document gives itself', async () => {
  const { model, problems } = await readModel(`openapi: 3.2.0
$self: https://example.com/api/openapi.yaml
info: { title: a, version: 1.0.0 }
paths:
  /a:
    get:
      operationId: a
      responses:
        '200':
          description: s
          content:
            text/event-stream:
              schema: { $ref: 'https://example.com/api/openapi.yaml#/components/schemas/E' }
components:
  schemas:
    E: { type: object, properties: { f: { $ref: 'openapi.yaml#/components/schemas/F' } } }
    F: { type: string }
`)
  expect(Object.keys(model.definitions)).toEqual(['E', 'F'])
  expect(problems).toEqual([])
})

test('two files with a schema of one name', async () => {
  const file = (type: string) => `User: { type: ${type} }\n`
  const { model, problems } = await readModel(
    {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      title: 'both',
      properties: {
        a: { $ref: 'a.yaml#/User' },
        b: { $ref: 'b.yaml#/User' },
        c: { $ref: './x/../a.yaml#User' },
      },
    },
    { 'a.yaml': file('string'), 'b.yaml': file('number') },
  )
  expect(eventsOf(model).both?.schema).toEqual({
    properties: { a: { $ref: '#/$defs/User' }, b: { $ref: '#/$defs/User2' }, c: { $ref: '#/$defs/User' } },
  })
  expect(places(problems)).toEqual(['warning #/User', 'warning #/properties/c'])
})

test('recursion across files, and back into the first', async () => {
  const { model, problems } = await readModel(
    {
      $schema: 'http://json-schema.org/draft-07/schema#',
      title: 'Tree',
      type: 'object',
      properties: { left: { $ref: 'node.yaml' }, top: { $ref: '#' } },
    },
    {
      'node.yaml':
        "type: object\nproperties: { tree: { $ref: 'api.yaml' }, next: { $ref: '#' }, other: { $ref: 'leaf.yaml#/definitions/leaf' } }\n",
      'leaf.yaml': 'definitions: { leaf: { anyOf: [{ type: "null" }, { $ref: node.yaml }] } }\n',
    },
  )
  expect(eventsOf(model).Tree?.schema).toEqual({ $ref: '#/$defs/Tree' })
  expect(model.definitions).toEqual({
    Tree: {
      title: 'Tree',
      type: 'object',
      properties: { left: { $ref: '#/$defs/node' }, top: { $ref: '#/$defs/Tree' } },
    },
    node: {
      type: 'object',
      properties: {
        tree: { $ref: '#/$defs/Tree' },
        next: { $ref: '#/$defs/node' },
        other: { $ref: '#/$defs/leaf' },
      },
    },
    leaf: { anyOf: [{ type: 'null' }, { $ref: '#/$defs/node' }] },
  })
  expect(problems).toEqual([])
})

test('paths to files: percent-encoded, absolute, with backslashes, above', async () => {
  const asked: string[] = []
  const { readDocument } = await import('./read-document.ts')
  const refs = [
    'my%20types.json',
    '/srv/types.yaml',
    'win\\kinds.yaml',
    '../up.yaml',
    'a.yaml?v=1#/x',
    'file.yaml#',
  ]
  const { model, problems } = await readDocument({
    file: 'docs/api/root.yaml',
    text: JSON.stringify({
      title: 'r',
      properties: Object.fromEntries(refs.map(($ref, index) => [index, { $ref }])),
    }),
    load: async (path) => {
      asked.push(path)
      return JSON.stringify({ type: 'string', x: { type: 'string' } })
    },
  })
  expect(asked).toEqual([
    'docs/api/my types.json',
    '/srv/types.yaml',
    'docs/api/win/kinds.yaml',
    'docs/up.yaml',
    'docs/api/a.yaml',
    'docs/api/file.yaml',
  ])
  expect(problems).toEqual([])
  expect(Object.keys(model?.definitions ?? {})).toHaveLength(6)
})

test('files that are missing, broken or on the network cost what they stand for', async () => {
  const { model, problems } = await readModel(
    `asyncapi: 3.0.0
info: { title: a, version: 1.0.0 }
channels:
  a:
    address: a
    messages:
      missing: { $ref: 'missing.yaml#/a' }
      broken: { payload: { $ref: 'broken.yaml#/a' } }
      part: { payload: { $ref: 'part.yaml#/b' } }
      web: { payload: { properties: { a: { $ref: 'http://example.com/a.json' }, b: { type: string } } } }
      fine: { payload: { $ref: 'part.yaml#/a' } }
`,
    { 'broken.yaml': 'a: {\n  b: [1,\n', 'part.yaml': 'a: { type: string }\n' },
  )
  expect(outline(model)).toEqual(['a a: broken, part, web, fine'])
  expect(lines(problems)).toEqual([
    'loss broken.yaml:3 # this is neither YAML nor JSON: Flow sequence in block collection must be sufficiently indented and end with a ]',
    'loss api.yaml:7 #/channels/a/messages/missing the file "missing.yaml" could not be read: no such file: missing.yaml; the message is left out',
    'loss api.yaml:8 #/channels/a/messages/broken/payload the file "broken.yaml" could not be read: it is neither YAML nor JSON; any value is accepted in its place',
    'loss api.yaml:9 #/channels/a/messages/part/payload "part.yaml#/b" leads nowhere: there is no "b" in part.yaml#; any value is accepted in its place',
    'loss api.yaml:10 #/channels/a/messages/web/payload/properties/a "http://example.com/a.json" is on the network, from which nothing is loaded; save it to a file and refer to that; any value is accepted in its place',
  ])
})

test('a part of a document is not taken for one', async () => {
  const { model, problems } = await read('commentLiked: { payload: { $ref: ./schemas.yaml#/liked } }\n')
  expect(model).toBeUndefined()
  expect(lines(problems)).toEqual([
    'error api.yaml:1 # this is neither AsyncAPI, OpenAPI nor JSON Schema: it begins with "commentLiked"; if others refer to it, read those',
  ])
})
