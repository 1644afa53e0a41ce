import { expect, test } from 'vitest'
import { stringify } from 'yaml'
import { outline, places, read, readModel } from './read.fixture.ts'

/** As catalogues of webhooks are: hundreds of messages on one channel, whose payloads share large schemas. */
function catalogue(count: number, fields: number) {
  const indexes = Array.from({ length: count }, (_, index) => index)
  const schema = (index: number) => ({
    title: `Object ${index} event`,
    type: 'object',
    properties: {
      action: { type: 'string', enum: [`done_${index}`] },
      sender: { $ref: '#/components/schemas/user' },
      next: { $ref: `#/components/schemas/object_${(index + 1) % count}` },
      ...Object.fromEntries(
        Array.from({ length: fields }, (_, number) => [
          `field_${number}`,
          {
            type: ['string', 'null'],
            format: 'date-time',
            description: `What field ${number} of object ${index} is about, in as many words as people use.`,
            examples: ['2024-01-01T00:00:00Z'],
          },
        ]),
      ),
    },
    required: ['action', 'sender'],
  })
  const names = indexes.map((index) => `object-${index}.done`)
  return {
    names,
    document: {
      asyncapi: '3.0.0',
      info: { title: 'Hooks', version: '1.0.0' },
      channels: {
        hooks: {
          address: '/hooks',
          messages: Object.fromEntries(
            names.map((name) => [name, { $ref: `#/components/messages/${name}` }]),
          ) as Record<string, object>,
        },
      },
      components: {
        messages: Object.fromEntries(
          names.map((name, index) => [
            name,
            { summary: `Object ${index}.`, payload: { $ref: `#/components/schemas/object_${index}` } },
          ]),
        ) as Record<string, object>,
        schemas: {
          ...Object.fromEntries(indexes.map((index) => [`object_${index}`, schema(index)])),
          user: { type: 'object', properties: { login: { type: 'string' } } },
        } as Record<string, object>,
      },
    },
  }
}

test.each([
  ['YAML', stringify],
  ['JSON', JSON.stringify],
])('%s of 2 MB with 240 messages is read whole, in time that grows with it', async (_name, write) => {
  const { names, document } = catalogue(240, 35)
  const text = write(document)
  expect(text.length).toBeGreaterThan(1_500_000)
  const before = process.cpuUsage()
  const { model, problems } = await read(text)
  // Reading it takes about a second of the processor; a step that is quadratic takes minutes.
  expect(process.cpuUsage(before).user / 1_000).toBeLessThan(20_000)
  expect(model?.channels[0]?.events.map(({ name }) => name)).toEqual(names)
  expect(Object.keys(model?.definitions ?? {})).toHaveLength(241)
  expect(problems).toEqual([])
})

test('faults among hundreds of messages cost those messages alone', async () => {
  const { document } = catalogue(210, 1)
  const { messages } = document.channels.hooks
  messages['object-3.done'] = { $ref: '#/components/messages/object-3.don' }
  messages['object-7.done'] = { $ref: '#/channels/hooks/messages/object-8.done' }
  document.components.messages['object-5.done'] = { payload: { $ref: '#/components/schemas/objekt_5' } }
  document.components.schemas.object_9 = { type: 'objct', properties: [] }

  const { model, problems } = await readModel(stringify(document))
  expect(model.channels[0]?.events).toHaveLength(209)
  expect(outline(model)[0]).not.toContain(' object-3.done,')
  expect(places(problems)).toEqual([
    'loss #/channels/hooks/messages/object-3.done',
    'loss #/components/messages/object-5.done/payload',
    'loss #/components/schemas/object_9/type',
    'loss #/components/schemas/object_9/properties',
  ])
})

test('a chain of thousands of refs is followed to its end', async () => {
  const length = 3_000
  const links = Array.from({ length }, (_, index) => [
    `Link${index}`,
    { type: 'object', properties: { next: { $ref: `#/$defs/Link${index + 1}` } } },
  ])
  const { model, problems } = await read({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $ref: '#/$defs/Link0',
    $defs: { ...Object.fromEntries(links), [`Link${length}`]: { type: 'string' } },
  })
  expect(problems).toEqual([])
  expect(Object.keys(model?.definitions ?? {})).toHaveLength(length + 1)
})
