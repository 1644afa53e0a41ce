import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import type { AnyContract } from '@millrace/contract'
import { type MemoryLog, memoryLog } from '@millrace/log'
import { logs } from '@millrace/sample-contracts'
import { createEventServer, type EventServer } from '@millrace/server'
import { toNodeListener } from '@millrace/server/node'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { loadContracts } from '../../contract-reader/load-contracts.ts'
import { readContract } from '../../contract-reader/read-contract.ts'
import { type TemporaryFolder, temporaryFolder } from '../../temporary-folder.fixture.ts'
import { bundle } from './bundle.fixture.ts'
import * as depotModule from './depot.fixture.ts'
import { toTypeScript } from './to-typescript.ts'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../../../../../', import.meta.url))
const { depot } = depotModule

// What somebody writes who has the generated contracts. It is type-checked, bundled, and run against a server that has those
// with Zod.
const subscriber = `
import { createEventClient, type EventClient, type SnapshotOf } from '@millrace/client'
import type { EventOf } from '@millrace/contract'
import { depot, type ParcelsEvent } from './depot.ts'
import { logs } from './logs.ts'

type Tell = (told: unknown) => void

export function follow(url: string, onError: (error: unknown) => void): EventClient {
  return createEventClient({ url, onError, backoff: { base: 1, floor: 1, cap: 5 } })
}

export function followFile(client: EventClient, file: string, tell: Tell): void {
  client.subscribe(
    logs.files({ file }),
    {
      line({ data, topic }) {
        const at: Date | null = data.at
        const level: 'unknown' | 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' = data.level
        tell({ topic, at, level, text: data.text })
      },
      'millrace.reset': ({ data: { verdict } }) => tell({ verdict }),
    },
    { from: 'earliest' },
  )
}

export function followParcel(client: EventClient, number: number, tell: Tell): void {
  client.subscribe(depot.parcels({ site: 'north', number }), take, { from: 'earliest' })

  type Told = ParcelsEvent | SnapshotOf<typeof depot.parcels> | { readonly name: 'millrace.reset'; readonly data: { readonly verdict: string } }
  function take(event: Told): void {
    switch (event.name) {
      case 'scanned': {
        const { at, photo, label, grams, marks, visits, counts, hints } = event.data
        const days: number[] = [at, ...visits.values()].map((date) => date.getUTCDate())
        const links: string[] = typeof hints === 'boolean' ? [] : [...hints].map(({ href }) => href)
        const total: bigint = [...counts.keys()].reduce((sum, count) => sum + count, grams)
        tell({ data: event.data, days, links, total, host: photo.host, first: label[0], marked: marks.has('fragile') })
        break
      }
      case 'ended':
        tell(event.data.kind === 'delivered' ? event.data.at.toISOString() : [...event.data.reasons])
        break
      case 'noted':
        tell(event.data)
        break
      case 'millrace.reset':
        tell({ verdict: event.data.verdict })
    }
  }
}

export async function firstLoad(client: EventClient): Promise<EventOf<typeof depot.load>> {
  for await (const event of client.subscribe(depot.load(), 'measured', { from: 'earliest' })) {
    if (event.name === 'measured') return event
  }
  throw new Error('it ended')
}

export function mistakes(client: EventClient): void {
  // @ts-expect-error there is no such event
  client.subscribe(logs.files({ file: 'a' }), { liine: () => {} })
  // @ts-expect-error there is no such site
  depot.parcels({ site: 'west', number: 1 })
  // @ts-expect-error a date is no text
  client.subscribe(depot.load(), { measured: ({ data }) => data.at.slice(1) })
}
`

interface Subscriber {
  follow(url: string, onError: (error: unknown) => void): { close(): Promise<void> }
  followFile(client: unknown, file: string, tell: (told: unknown) => void): void
  followParcel(client: unknown, number: number, tell: (told: unknown) => void): void
  firstLoad(client: unknown): Promise<{ readonly data: unknown }>
}

let folder: TemporaryFolder
let file: string
let bundled: Awaited<ReturnType<typeof bundle>>
let app: Subscriber

beforeAll(async () => {
  folder = await temporaryFolder()
  // As the command reads it: from its file.
  const sample = `${root}packages/sample-contracts/src/index.ts`
  const { contracts, exports } = await loadContracts(sample)
  await folder.write('logs.ts', generated(contracts[0]?.contract as AnyContract, exports))
  await folder.write('depot.ts', generated(depot, depotModule))
  file = await folder.write('subscriber.ts', subscriber)
  bundled = await bundle(file)
  app = await import(pathToFileURL(await folder.write('subscriber.mjs', bundled.text)).href)
})
afterAll(() => folder.remove())

function generated(contract: AnyContract, exports: Readonly<Record<string, unknown>>): string {
  const { model, problems } = readContract(contract, { file: 'a.ts', exports })
  expect(problems).toEqual([])
  if (model === undefined) throw new Error('there is no model')
  const written = toTypeScript(model)
  expect(written.problems).toEqual([])
  return written.source
}

describe('generated contracts', () => {
  it('type-check where they are used', async () => {
    const tsconfig = await folder.write(
      'tsconfig.json',
      JSON.stringify({
        extends: `${root}tsconfig.base.json`,
        compilerOptions: { types: ['node'] },
        files: ['subscriber.ts'],
      }),
    )
    const { stdout } = await run(`${root}node_modules/.bin/tsc`, ['-p', tsconfig]).catch((error) => error)
    expect(stdout).toBe('')
  })

  it('bring no Zod along', () => {
    expect(bundled.inputs.some((input) => input.endsWith('client/src/client.ts'))).toBe(true)
    expect(bundled.inputs.some((input) => input.endsWith('contract/src/plain-codec.ts'))).toBe(true)
    expect(bundled.inputs.filter((input) => input.includes('zod'))).toEqual([])
    expect(bundled.gzip).toBeLessThan(14_100)
  })
})

describe('a live subscription with a generated contract', () => {
  let log: MemoryLog
  let close: () => Promise<void>
  afterEach(() => close())

  async function start<Contract extends AnyContract>(contract: Contract) {
    log = memoryLog({ epoch: 'e' })
    const events: EventServer = createEventServer({ contract, log, retry: 1 })
    const server: Server = createServer(toNodeListener(events)).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const errors: unknown[] = []
    const client = app.follow(`http://127.0.0.1:${(server.address() as AddressInfo).port}/events`, (error) =>
      errors.push(error),
    )
    close = async () => {
      await client.close()
      await events.close({ drain: 0 })
      server.close()
      await once(server, 'close')
      expect(errors).toEqual([])
    }
    return { events, client }
  }

  it('has the lines of a followed file, with their times', async () => {
    const { events, client } = await start(logs)
    const told: unknown[] = []
    app.followFile(client, 'logs/ü app.log', (one) => told.push(one))
    const topic = logs.files({ file: 'logs/ü app.log' })
    const at = new Date(1_763_683_200_000)
    const line = { text: 'ready', level: 'info', at, byte: 0, omitted: 0, earlier: false } as const
    await events.publish(topic, 'line', line)
    await events.publish(topic, 'opened', { size: 1, from: 0 })
    await events.publish(topic, 'line', { ...line, at: null })
    await expect
      .poll(() => told)
      .toEqual([
        { topic: topic.address, at, level: 'info', text: 'ready' },
        { topic: topic.address, at: null, level: 'info', text: 'ready' },
      ])
    log.restart('f')
    await events.publish(topic, 'line', { ...line, text: 'anew' })
    await expect
      .poll(() => told.slice(2))
      .toEqual([{ verdict: 'epoch' }, { topic: topic.address, at, level: 'info', text: 'anew' }])
  })

  it('has every type in code that was published', async () => {
    const { events, client } = await start(depot)
    const told: unknown[] = []
    app.followParcel(client, 7, (one) => told.push(one))
    const parcel = depot.parcels({ site: 'north', number: 7 })
    const at = new Date('2026-11-20T12:00:00.000Z')
    const data = {
      at,
      photo: new URL('https://example.org/7.jpg'),
      label: new Uint8Array([255, 0, 1]),
      grams: 90071992547409931n,
      marks: new Set(['fragile']),
      visits: new Map([['north', at]]),
      counts: new Map([[2n, new Set([at])]]),
      route: { place: 'north', reached: at, next: [{ place: 'south', reached: null, next: [] }] },
      times: { in: at },
      span: [at, at] as [Date, Date],
      due: at,
      hints: new Set([new URL('https://example.org/')]),
      since: at,
    }
    await events.publish(depot.parcels({ site: 'north', number: 8 }), 'noted', 'of another parcel')
    await events.publish(parcel, 'scanned', data)
    await events.publish(parcel, 'ended', { kind: 'delivered', at, proof: new Uint8Array([7]) })
    await events.publish(parcel, 'ended', { kind: 'returned', reasons: new Set(['refused'] as const) })
    await expect.poll(() => told).toHaveLength(3)
    expect(told).toEqual([
      {
        data,
        days: [20, 20],
        links: ['https://example.org/'],
        total: 90071992547409933n,
        host: 'example.org',
        first: 255,
        marked: true,
      },
      '2026-11-20T12:00:00.000Z',
      ['refused'],
    ])
    log.restart('f')
    await events.publish(parcel, 'noted', 'anew')
    await expect.poll(() => told.slice(3)).toEqual([{ verdict: 'epoch' }, 'anew'])
  })

  it('can be iterated over', async () => {
    const { events, client } = await start(depot)
    const data = { at: new Date(5), share: 0.5 }
    await events.publish(depot.load(), 'measured', data)
    expect((await app.firstLoad(client)).data).toEqual(data)
  })
})
