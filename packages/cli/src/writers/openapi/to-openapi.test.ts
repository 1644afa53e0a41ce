import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TemporaryFolder, temporaryFolder } from '../../temporary-folder.fixture.ts'
import { formatDocument, type JsonDocument } from '../document.ts'
import { hostileContract, someContracts } from '../some-contracts.fixture.ts'
import { toOpenApi } from './to-openapi.ts'

const installed = createRequire(import.meta.url).resolve('@redocly/cli/package.json')
const redocly = join(dirname(installed), 'bin', 'cli.js')
// Who may read, the licence, and records with listed keys are not for a contract to say otherwise.
const skipped = ['security-defined', 'info-license', 'no-required-schema-properties-undefined']

let folder: TemporaryFolder
beforeAll(async () => {
  folder = await temporaryFolder()
})
afterAll(() => folder.remove())

/** What the tool finds in a document; it makes no difference between errors and warnings here. */
async function faultsIn(document: JsonDocument): Promise<readonly string[]> {
  const file = await folder.write('openapi.json', formatDocument(document, 'json'))
  const options = ['--format=json', ...skipped.map((rule) => `--skip-rule=${rule}`)]
  const { stdout } = await promisify(execFile)(process.execPath, [redocly, 'lint', file, ...options], {
    cwd: folder.path,
    env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
  }).catch((error: { stdout: string }) => error)
  const { problems } = JSON.parse(stdout) as {
    problems: { message: string; location: { pointer: string }[] }[]
  }
  // What an author says in a description is the author's own.
  const ours = problems.filter(({ message }) => !message.startsWith('Markdown descriptions must not'))
  return ours.map(({ message, location }) => `${location[0]?.pointer}: ${message}`)
}

const all = Object.entries({ ...someContracts, hostile: hostileContract })

describe('an OpenAPI document', () => {
  const everyKind = all.flatMap(([name, model]) =>
    (['3.2', '3.1'] as const).map((version) => ({ name, version, model })),
  )

  it.each(everyKind)('of $version is valid: $name', async ({ model, version }) => {
    expect(await faultsIn(toOpenApi(model, { version, server: 'https://example.org' }))).toEqual([])
  })

  it('is told to be wrong where it is', async () => {
    const { paths, ...document } = toOpenApi(hostileContract)
    const text = JSON.stringify(paths).replace('"itemSchema":{', '"itemSchema":{"type":5,')
    expect(await faultsIn({ ...document, paths: JSON.parse(text) })).toContainEqual(
      expect.stringContaining('itemSchema'),
    )
  })

  const shop = toOpenApi(someContracts.shop as (typeof all)[0][1], { basePath: 'api/events/' })

  it('has a path for any topics and one for each channel', () => {
    const paths = shop.paths as Record<string, { get: { parameters: { name?: string }[] } }>
    expect(Object.keys(paths)).toEqual([
      '/api/events',
      '/api/events/orders/{orderId}',
      '/api/events/stock/{aisle}/{shelf}',
      '/api/events/news',
    ])
    expect(paths['/api/events/stock/{aisle}/{shelf}']?.get).toMatchObject({
      operationId: 'streamStock',
      'x-millrace-channel': { key: 'stock', path: 'stock/{aisle}/{shelf}', deliver: 'latest' },
    })
    expect(paths['/api/events']?.get.parameters[0]).toMatchObject({
      name: 'topic',
      in: 'query',
      required: true,
    })
  })

  it('says what the fields of an event are, and what its data holds', () => {
    expect(shop.components).toMatchObject({
      schemas: {
        OrdersStream: { discriminator: { mapping: { shipped: '#/components/schemas/OrdersShippedEvent' } } },
        OrdersShippedEvent: {
          properties: {
            event: { const: 'shipped' },
            trace: { type: 'string' },
            data: {
              type: 'string',
              contentMediaType: 'application/json',
              contentSchema: {
                description: 'It left the house.',
                required: ['carrier', 'parcel', 'expected'],
              },
            },
          },
          'x-millrace-version': 3,
        },
        OrdersSnapshotEvent: {
          properties: { event: { const: 'millrace.snapshot' }, at: { type: 'string' } },
          // Where several are told, only the last has the place of the stream.
          required: ['event', 'topic', 'data'],
          'x-millrace-snapshot': true,
        },
        ControlEvent: { 'x-millrace-control': true },
      },
    })
  })

  it('of 3.1 has the data itself in place of its text', () => {
    const { components, paths } = toOpenApi(someContracts.shop as (typeof all)[0][1], { version: '3.1' })
    expect(components).toMatchObject({
      schemas: { OrdersMovedEvent: { properties: { data: { $ref: '#/components/schemas/PostalAddress' } } } },
    })
    expect(JSON.stringify(paths)).not.toContain('itemSchema')
  })
})
