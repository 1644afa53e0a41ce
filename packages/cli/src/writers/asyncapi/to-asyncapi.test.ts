import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { formatDocument } from '../document.ts'
import { hostileContract, someContracts } from '../some-contracts.fixture.ts'
import { toAsyncApi } from './to-asyncapi.ts'

const all = Object.entries({ ...someContracts, hostile: hostileContract })

// The parser runs beside the tests: what it stands on does not load under their conditions for modules.
const parseDocuments = `
  const { Parser } = require('@asyncapi/parser')
  const texts = JSON.parse(require('node:fs').readFileSync(0, 'utf8'))
  Promise.all(texts.map((text) => new Parser().parse(text))).then((results) => {
    const faults = results.map(({ document, diagnostics }) => [
      ...(document === undefined ? ['it is no document'] : []),
      // 0 is an error and 1 a warning.
      ...diagnostics.filter(({ severity }) => severity < 2).map(({ message, path }) => path.join('/') + ': ' + message),
    ])
    console.log(JSON.stringify(faults))
  })`

async function faultsOf(...texts: readonly string[]): Promise<readonly (readonly string[])[]> {
  const parser = promisify(execFile)(process.execPath, ['-e', parseDocuments], {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    env: { ...process.env, NODE_OPTIONS: '' },
  })
  parser.child.stdin?.end(JSON.stringify(texts))
  return JSON.parse((await parser).stdout)
}

describe('an AsyncAPI document', () => {
  it('is valid', async () => {
    const texts = all.flatMap(([, model]) => [
      formatDocument(toAsyncApi(model, { url: 'https://example.org/events' }), 'json'),
      formatDocument(toAsyncApi(model), 'yaml'),
    ])
    expect(await faultsOf(...texts)).toEqual(texts.map(() => []))
  })

  it('is told to be wrong where it is', async () => {
    const document = toAsyncApi(someContracts.shop as (typeof all)[0][1])
    const wrong = { ...document, info: { title: 5 } }
    expect((await faultsOf(formatDocument(wrong, 'json')))[0]).toContain(
      'info/title: "title" property type must be string',
    )
  })

  it.each(all)('says the same in YAML as in JSON: %s', (_, model) => {
    const document = toAsyncApi(model)
    const { version, ...options } = { version: '1.1' as const, uniqueKeys: true }
    expect(parse(formatDocument(document, 'yaml'), options)).toEqual(document)
    // Readers of YAML 1.1 take `12:30`, `no` and a bare date for other things than texts.
    expect(parse(formatDocument(document, 'yaml'), { ...options, version })).toEqual(document)
  })

  const shop = toAsyncApi(someContracts.shop as (typeof all)[0][1], { url: 'https://example.org/v1/events' })

  it('has a channel with its address, its params and its messages', () => {
    expect(shop).toMatchObject({
      asyncapi: '3.1.0',
      info: { title: 'The corner shop', version: '2.3.0', 'x-millrace-name': 'shop' },
      servers: { events: { host: 'example.org', pathname: '/v1/events', protocol: 'https' } },
      channels: {
        orders: {
          address: 'orders/{orderId}',
          description: 'What happens to one order.',
          parameters: {
            orderId: {
              description: 'As the receipt has it',
              'x-millrace-schema': { type: 'string', format: 'uuid' },
            },
          },
          messages: {
            placed: { name: 'placed', title: 'Order placed', summary: 'Somebody bought something.' },
            shipped: { 'x-millrace-version': 3, 'x-millrace-upgrades-from': [2] },
            lost: { 'x-millrace-deprecated': true },
            moved: { payload: { $ref: '#/components/schemas/PostalAddress' } },
            'millrace.snapshot': { 'x-millrace-snapshot': true },
          },
        },
        stock: { 'x-millrace-deliver': 'latest', parameters: { aisle: { enum: ['food', 'tools'] } } },
      },
    })
  })

  it('has an operation of the server for each channel', () => {
    expect(shop).toMatchObject({
      operations: {
        sendStock: {
          action: 'send',
          channel: { $ref: '#/channels/stock' },
          bindings: { http: { method: 'GET', query: { required: ['topic'] } } },
          messages: ['counted', 'tree', 'bare', 'odd'].map((name) => ({
            $ref: `#/channels/stock/messages/${name}`,
          })),
        },
      },
    })
  })

  it('has no word that draft-07 has not', () => {
    const text = JSON.stringify(shop)
    expect(text).not.toMatch(/"(prefixItems|\$defs|discriminator)"/)
    expect(text).toContain(
      '"allOf":[{"$ref":"#/components/schemas/PostalAddress"}],"description":"Where it is not the same"',
    )
  })
})
