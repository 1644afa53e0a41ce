import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { EventModel } from '../model/contract-model.ts'
import { resolveSchema } from '../model/definitions.ts'
import { assertSound, lines, outline } from './read.fixture.ts'
import { readDocument } from './read-document.ts'
import { validate } from './schema/validate.ts'

// Documents with every construct that is read. They have examples, so that what is made of them can be tried.

const folder = join(import.meta.dirname, '../../documents')
const load = async (path: string) => readFileSync(join(folder, path), 'utf8')

async function readFixture(file: string) {
  const { model, problems } = await readDocument({ file, text: await load(file), load })
  if (model === undefined) throw new Error(lines(problems).join('\n'))
  assertSound(model)
  return { model, problems }
}

test.each<[file: string, channels: readonly string[]]>([
  [
    'asyncapi-2.yaml',
    [
      'parcelsEvents parcels/{parcelId}/events: accepted, moved, delivered',
      'depotsLoad depots/{depot}/load: loadChanged',
    ],
  ],
  ['asyncapi-3.yaml', ['room rooms/{roomId}: said, joined, tree', 'auditLog audit/{level}/log: said, mixed']],
  [
    'several-files/asyncapi.yaml',
    ['liked comments/liked: liked', 'changed comments/{commentId}/changed: changed'],
  ],
  ['json-schema-draft-07.json', ['events events: account.opened, account.closed']],
  ['json-schema-2020-12.yaml', ['events events: Measured, Lost, batteryLow']],
])('%s', async (file, channels) => {
  const { model, problems } = await readFixture(file)
  expect(outline(model)).toEqual(channels)
  expect(lines(problems).filter((line) => !line.includes('becomes the path'))).toEqual([])
  const definitions = new Map(Object.entries(model.definitions))
  for (const event of model.channels.flatMap(({ events }) => events)) {
    const examples = examplesOf(event, model.definitions)
    expect(examples, event.name).not.toEqual([])
    for (const example of examples) expect(validate(example, event.schema, definitions)).toBeUndefined()
  }
})

test.each(['openapi-3.1.yaml', 'openapi-3.2.yaml'])('%s: a stream of 44 events', async (file) => {
  const { model, problems } = await readFixture(file)
  const { key, path, events } = model.channels[0] ?? {}
  expect([key, path]).toEqual(['streamAnswers', 'conversations/{conversationId}/answers'])
  expect(events?.map(({ name }) => name).slice(0, 5)).toEqual([
    'response.created',
    'response.in_progress',
    'response.delta',
    'response.completed',
    'output_item.created',
  ])
  expect(events).toHaveLength(44)
  expect(events?.every((event) => examplesOf(event, model.definitions).length === 1)).toBe(true)
  expect(problems).toEqual([])
})

test('faults.yaml: each fault costs no more than what it stands in', async () => {
  const { model, problems } = await readFixture('faults.yaml')
  expect(outline(model)).toEqual([
    'userSignedup user/signedup: good, hollow, unescaped, empty, errorEvent, avro, online',
    'otherOne other/{id}/two: fine',
  ])
  expect(lines(problems).map((line) => line.split(' ').slice(0, 3).join(' '))).toEqual([
    'warning faults.yaml:3 #/info/version',
    'warning faults.yaml:8 #/channels/user~1signedup/messages/good/examples/1/payload',
    'loss faults.yaml:9 #/channels/user~1signedup/messages/dangling',
    'loss faults.yaml:10 #/channels/user~1signedup/messages/hollow/payload',
    'warning faults.yaml:11 #/channels/user~1signedup/messages/unescaped',
    'warning faults.yaml:12 #/channels/user~1signedup/messages/empty/payload',
    'loss faults.yaml:13 #/channels/user~1signedup/messages/error/payload/type',
    'warning faults.yaml:13 #/channels/user~1signedup/messages/error/payload/requierd',
    'warning faults.yaml:13 #/channels/user~1signedup/messages/error',
    'loss faults.yaml:14 #/channels/user~1signedup/messages/avro/payload',
    'loss faults.yaml:15 #/channels/user~1signedup/messages/online/payload',
    'warning faults.yaml:16 #/channels/other~1one',
    'warning faults.yaml:16 #/channels/other~1one',
    'loss faults.yaml:18 #/channels/other~1one/address',
    'loss faults.yaml:20 #/channels/other~1one/messages/fine/headers',
    'loss faults.yaml:20 #/channels/other~1one/messages/fine/correlationId',
    'loss faults.yaml:21 #/channels/broken',
  ])
})

function examplesOf(
  { examples = [], schema }: EventModel,
  definitions: Parameters<typeof resolveSchema>[1],
): readonly unknown[] {
  const target = resolveSchema(schema, definitions)
  return [...examples, ...(typeof target === 'object' ? (target.examples ?? []) : [])]
}
