import { execFile } from 'node:child_process'
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

const own = join(import.meta.dirname, '..')
const root = join(own, '..', '..')
const read = (path: string) => readFile(join(root, path), 'utf8')

const readmePath = 'packages/client/README.md'
const pages = [
  readmePath,
  'docs/eventsource.md',
  'docs/many-tabs.md',
  'docs/resuming.md',
  'docs/snapshots-and-state.md',
]

// What a reader has of their own.
const surroundings = `
import * as millrace from '@millrace/client'
import type { ClientError, ConnectionError, ConnectionLoss, EventClient } from '@millrace/client'
import * as states from '@millrace/client/state'
import * as storage from '@millrace/client/storage'
import { channel, defineContract, type EventOf, isoDate } from '@millrace/contract'
import type { EventServer } from '@millrace/server'
import * as files from 'node:fs/promises'
import * as z from 'zod'

const line = z.object({ id: z.string(), count: z.int() })
export const shop = defineContract({
  name: 'shop',
  version: '1.2.0',
  channels: {
    orders: channel('orders/{orderId}', {
      params: { orderId: z.string() },
      events: { placed: z.object({ total: z.number(), at: isoDate }), shipped: z.object({ carrier: z.string() }) },
      snapshot: z.object({ status: z.string(), total: z.number() }),
    }),
    payments: channel('payments/{orderId}', { events: { received: z.object({ amount: z.number() }) } }),
    carts: channel('carts/{cartId}', { events: { changed: line }, snapshot: z.object({ lines: z.array(line) }) }),
  },
})
type Shop = typeof shop
const cartOf = (client: EventClient) =>
  states.state(client, shop.carts({ cartId: '7' }), {
    snapshot: (data) => new Map(data.lines.map((line) => [line.id, line])),
    changed: (lines, { data }) => new Map(lines).set(data.id, data),
  })

declare global {
  type OrderEvent = EventOf<Shop['orders']>
  type Line = z.output<typeof line>
  type CursorStore = storage.CursorStore
  const { batches, createEventClient, first, onConnection, once, toReadableStream }: typeof millrace
  const { state }: typeof states
  const { readFile, rename, writeFile }: typeof files
  const shop: Shop
  const order: typeof orderTopic
  const client: EventClient
  const cart: ReturnType<typeof cartOf>
  const events: EventServer
  const topic: typeof orderTopic
  const [cartId, lastId, token]: readonly [string, string, string]
  const user: { readonly id: string }
  const signal: AbortSignal
  const sink: WritableStream<unknown>
  const file: WritableStream<Uint8Array>
  const database: { query(text: string): Promise<readonly unknown[]> }
  const queue: { push(event: OrderEvent): Promise<void>; onDone(told: (event: OrderEvent) => void): void }
  const handledEvent: OrderEvent
  const toLines: () => TransformStream<unknown, Uint8Array>
  const reducers: { readonly snapshot: (data: { readonly lines: readonly Line[] }) => readonly Line[] }
  const fold: <State>(state: State) => State
  const report: (error: ClientError) => void
  const showBanner: (loss: ConnectionLoss | string, nextAttemptAt?: number) => void
  const hideBanner: () => void
  const showLogin: (cause?: ConnectionError | number) => void
  type Do = (...given: readonly unknown[]) => void
  const [handle, handleLater, handler, log, reload]: readonly [Do, Do, Do, Do, Do]
  const [save, saveForNextTime, show, showCarrier, showOrder, showRaw]: readonly [Do, Do, Do, Do, Do, Do]
  const render: (given?: unknown) => string
  const [freshToken, renewedToken]: readonly [() => Promise<string>, () => Promise<string>]
  const readLines: (cartId: string) => Promise<Line[]>
  const useSyncExternalStore: <View>(
    subscribe: (listener: () => void) => () => void,
    view: () => View,
    serverView?: () => View,
  ) => View
}
const orderTopic = shop.orders({ orderId: '42' })
`

/** The examples of a page, in its order, those of the same chapter that build upon each other. */
async function examplesOf(page: string): Promise<readonly string[]> {
  return [...(await read(page)).matchAll(/^```tsx?\n(.*?)^```$/gms)].map(([, text = '']) => text)
}

/** Compiles modules as strictly as our own code, and gives what the compiler finds fault with. */
async function compile(modules: ReadonlyMap<string, string>): Promise<string> {
  // Within the package, so that the modules find what it is tested with. It does not find itself from there.
  const folder = join(own, 'node_modules', '.cache', 'readme')
  await rm(folder, { recursive: true, force: true })
  await mkdir(join(folder, 'node_modules', '@millrace'), { recursive: true })
  await symlink(own, join(folder, 'node_modules', '@millrace', 'client'))
  for (const [name, text] of modules) await writeFile(join(folder, name), text)
  const config = {
    extends: join(root, 'tsconfig.base.json'),
    include: ['*.ts'],
    compilerOptions: {
      lib: ['ES2023', 'ESNext.Disposable', 'DOM', 'DOM.Iterable', 'DOM.AsyncIterable'],
      types: ['node'],
      typeRoots: [join(root, 'node_modules', '@types')],
      noUnusedLocals: false,
    },
  }
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config))
  const { resolve } = createRequire(join(root, 'package.json'))
  const compiler = join(dirname(resolve('@typescript/native/package.json')), 'bin', 'tsc')
  const compiling = promisify(execFile)(process.execPath, [compiler, '-p', folder])
  const { stdout } = await compiling.catch((failure: { stdout: string }) => failure)
  return stdout
}

/** What a module gives at run time. */
const entries = {
  '@millrace/client': () => import('./index.ts'),
  '@millrace/client/each': () => import('./each.ts'),
  '@millrace/client/eventsource': () => import('./eventsource.ts'),
  '@millrace/client/polling': () => import('./polling.ts'),
  '@millrace/client/share': () => import('./share.ts'),
  '@millrace/client/state': () => import('./state.ts'),
  '@millrace/client/storage': () => import('./storage.ts'),
  '@millrace/client/stream': () => import('./stream.ts'),
}

/** The members of an interface, by its source. */
async function membersOf(file: string, name: string): Promise<readonly string[]> {
  const source = await readFile(join(import.meta.dirname, file), 'utf8')
  const body = new RegExp(`^export interface ${name}\\b[^{]*\\{\\n(.*?)^\\}`, 'ms').exec(source)?.[1] ?? ''
  return [...body.matchAll(/^ {2}(?:readonly )?(\w+)\??[:(]/gm)].map(([, member = '']) => member)
}

it('the examples of the README and of the guides compile', async () => {
  const modules = new Map([['shop.ts', surroundings]])
  for (const page of pages) {
    for (const [index, text] of (await examplesOf(page)).entries()) {
      const name = page.replace(/.*\//, '').replace('.md', '')
      modules.set(`${name}-${index + 1}.ts`, `${text}\nexport {}\n`)
    }
  }
  expect(modules.size).toBeGreaterThan(20)
  expect(await compile(modules)).toBe('')
})

describe('the README', () => {
  it('shows all that there is on one screen, but for errors, and names those, too', async () => {
    const exported = JSON.parse(await read('packages/client/package.json')).exports
    expect(Object.keys(entries).sort()).toEqual(
      Object.keys(exported)
        .filter((entry) => entry !== './package.json')
        .map((entry) => entry.replace('.', '@millrace/client'))
        .sort(),
    )
    const readme = await read(readmePath)
    const screen = /^## All of it on one screen\n\n```ts\n(.*?)^```$/ms.exec(readme)?.[1] ?? ''
    expect(screen.split('\n').length).toBeLessThan(70)
    const missing: string[] = []
    for (const [entry, load] of Object.entries(entries)) {
      const names = Object.keys(await load())
      for (const name of names.filter((name) => !name.endsWith('Error'))) {
        const imports = new RegExp(`^import \\{[^}]*\\b${name}\\b[^}]*\\} from '${entry}'$`, 'm')
        if (!imports.test(screen)) missing.push(name)
      }
      missing.push(...names.filter((name) => name.endsWith('Error') && !readme.includes(`\`${name}\``)))
    }
    expect(missing).toEqual([])
    const client = await membersOf('event-client.ts', 'EventClient')
    const subscription = await membersOf('subscription.ts', 'Subscription')
    expect(client).toContain('reconnect')
    expect(subscription).toContain('cursor')
    const said = [
      ...client.map((member) => `client.${member}`),
      ...subscription.map((member) => `.${member}`),
    ]
    expect(said.filter((text) => !readme.includes(text))).toEqual([])
  })

  it('names every option, as the guides do', async () => {
    const told = async (page: string, file: string, name: string) => {
      const text = await read(page)
      const members = await membersOf(file, name)
      expect(members.length, name).toBeGreaterThan(0)
      return members
        .filter((member) => !text.includes(`\`${member}\``) && !text.includes(`${member}: `))
        .map((member) => `${page}: ${member}`)
    }
    expect(
      (
        await Promise.all([
          told(readmePath, 'options.ts', 'LinkOptions'),
          told(readmePath, 'options.ts', 'EventClientOptions'),
          told(readmePath, 'event-client.ts', 'SubscribeOptions'),
          told(readmePath, 'polling/long-polling.ts', 'LongPollingOptions'),
          told('docs/resuming.md', 'storage/cursor-storage.ts', 'CursorStorageOptions'),
          told('docs/many-tabs.md', 'share/across-tabs.ts', 'AcrossTabsOptions'),
          told('docs/eventsource.md', 'eventsource/options.ts', 'EventSourceOptions'),
        ])
      ).flat(),
    ).toEqual([])
  })
})
