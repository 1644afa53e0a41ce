import { ConnectionError, createEventClient, type EventClient, isReset, isSnapshot } from '@millrace/client'
import { EventSource } from '@millrace/client/eventsource'
import { cursorStorage, indexedDbStore } from '@millrace/client/storage'
import { shop } from './shop.ts'

// What the client must do in every runtime. It is built once, and that one file is what all of them load: nothing here may be of one
// runtime alone.

/** Where the server under the suite is, and where it is told what to do. */
export interface Addresses {
  /** Origin of the streams. */
  readonly streams: string
  /** Origin that takes commands. */
  readonly control: string
}

/** What became of one behaviour; `fault` where it did not hold. */
export interface Outcome {
  readonly name: string
  readonly fault?: string
}

interface Lab extends Addresses {
  /** Tells the server something, and resolves with its answer when it is done. */
  command(name: string, values?: Readonly<Record<string, unknown>>): Promise<unknown>
  createClient(path?: string, headers?: Readonly<Record<string, string>>): EventClient
}

type Behaviour = (lab: Lab) => Promise<void>

const bigStream = 5_000

const behaviours: Readonly<Record<string, Behaviour>> = {
  async 'connects, and gives events as the contract has them'(lab) {
    const events = lab.createClient().subscribe(shop.orders({ orderId: 'first' }), { from: 'earliest' })
    await lab.command('publish', { orderId: 'first', count: 1 })
    const { value } = await events.next()
    equal([value?.name, value?.topic], ['placed', 'orders/first'])
    if (value?.name !== 'placed') return
    equal([value.data.number, value.data.at instanceof Date, value.data.note], [1, true, 'ø€😀'])
  },

  async 'resumes after a cut where it was'(lab) {
    const client = lab.createClient()
    const events = client.subscribe(shop.orders({ orderId: 'cut' }), { from: 'earliest' })
    await lab.command('publish', { orderId: 'cut', count: 3 })
    equal(await numbers(events, 3), [1, 2, 3])
    const lost = until(client, 'waiting')
    await lab.command('cut')
    await lab.command('publish', { orderId: 'cut', count: 2 })
    await lost
    equal(await numbers(events, 2), [4, 5])
  },

  async 'exchanges its stream without loss when another topic is wanted'(lab) {
    const client = lab.createClient()
    const seen: number[] = []
    const all = new Promise<void>((resolve) => {
      client.subscribe(
        shop.orders({ orderId: 'flow' }),
        ({ name, data }) => {
          if (name === 'placed' && seen.push(data.number) === 60) resolve()
        },
        { from: 'earliest' },
      )
    })
    const publishing = lab.command('publish', { orderId: 'flow', count: 60, interval: 5 })
    await until(client, 'open')
    const others = client.subscribe(shop.orders({ orderId: 'other' }), { from: 'earliest' })
    await lab.command('publish', { orderId: 'other', count: 1 })
    equal(await numbers(others, 1), [1])
    await publishing
    await all
    equal(seen, range(60))
  },

  async 'begins with the snapshot, where there is one'(lab) {
    const events = lab.createClient().subscribe(shop.carts({ cartId: '7' }))
    const { value } = await events.next()
    equal(value && isSnapshot(value) && value.data, { total: 3 })
  },

  async 'is told by the server that it may not read'(lab) {
    const events = lab.createClient().subscribe(shop.secrets({ secretId: '1' }))
    const error = await events.next().catch((thrown: unknown) => thrown)
    equal(ConnectionError.isInstance(error) && error.status, 403)
  },

  async 'is sent on to another origin, and takes no credentials there'(lab) {
    const client = lab.createClient('/moved', { authorization: 'Bearer secret' })
    const events = client.subscribe(shop.orders({ orderId: 'moved' }), { from: 'earliest' })
    await lab.command('publish', { orderId: 'moved', count: 1 })
    equal(await numbers(events, 1), [1])
    equal(await lab.command('credentials'), { moved: ['Bearer secret'], landed: [null] })
  },

  async 'lets go of the stream when its signal is aborted'(lab) {
    const client = lab.createClient()
    const controller = new AbortController()
    // The streams of those before have been let go of, but the server may not know yet.
    await noStream(lab)
    const events = client.subscribe(shop.orders({ orderId: 'aborted' }), { signal: controller.signal })
    await until(client, 'open')
    equal(await lab.command('connections'), 1)
    controller.abort()
    equal(await events.next(), { done: true, value: undefined })
    await noStream(lab)
  },

  async 'reads a big stream whole and in order, as fast as its reader takes it'(lab) {
    await lab.command('publish', { orderId: 'big', count: bigStream })
    const events = lab.createClient().subscribe(shop.orders({ orderId: 'big' }), { from: 'earliest' })
    // Longer than its iterator holds.
    await pause(100)
    equal(await numbers(events, bigStream), range(bigStream))
  },

  async 'gives up a stream that has gone silent'(lab) {
    const client = lab.createClient('/silent')
    const events = client.subscribe(shop.orders({ orderId: 'silent' }), { from: 'earliest' })
    const status = await until(client, 'waiting')
    equal(status.state === 'waiting' && status.cause?.reason, 'silent')
    await lab.command('publish', { orderId: 'silent', count: 1 })
    equal(await numbers(events, 1), [1])
  },

  async 'reads as an EventSource, and resumes by its last id'(lab) {
    await lab.command('publish', { orderId: 'source', count: 2 })
    const source = new EventSource(`${lab.streams}/events/orders/source;from=earliest`)
    const seen: unknown[] = []
    await new Promise<void>((resolve) => {
      source.addEventListener('placed', ({ data }) => {
        // A server that ends in good order, because not every runtime tells of a connection that was cut.
        if (seen.push(JSON.parse(data).number) === 2) {
          void lab.command('restart').then(() => lab.command('publish', { orderId: 'source', count: 1 }))
        }
        if (seen.length === 3) resolve()
      })
    })
    source.close()
    equal(seen, [1, 2, 3])
  },

  // Last, because it leaves nothing of what was.
  async 'is told where it could not go on'(lab) {
    const client = lab.createClient()
    const events = client.subscribe(shop.orders({ orderId: 'reset' }), { from: 'earliest' })
    await lab.command('publish', { orderId: 'reset', count: 1 })
    equal(await numbers(events, 1), [1])
    await lab.command('forget')
    const { value } = await events.next()
    equal(value && isReset(value) && value.data, { verdict: 'epoch' })
  },
}

const stores = { localStorage: () => localStorage, IndexedDB: () => indexedDbStore() }
type StoreKind = keyof typeof stores

/** Follows the orders of a name from where it was the last time, and tells each number that it has handled. */
export function followDurably(
  streams: string,
  kind: StoreKind,
  orderId: string,
  tell: (number: unknown) => void,
): EventClient {
  const client = createEventClient({
    url: `${streams}/events`,
    onError() {},
    storage: cursorStorage({ store: stores[kind](), identity: 'ann', contract: shop }),
  })
  client.subscribe(shop.orders({ orderId }), 'placed', ({ data }) => tell(data.number), {
    durable: 'follower',
    from: 'earliest',
  })
  return client
}

/** Where there is IndexedDB: in pages, and in their workers. */
const storing: Readonly<Record<string, Behaviour>> = {
  async 'goes on where the client before was, by IndexedDB'(lab) {
    const orderId = 'kept'
    for (const expected of [
      [1, 2, 3],
      [4, 5],
    ]) {
      await lab.command('publish', { orderId, count: expected.length })
      const seen: unknown[] = []
      const client = followDurably(lab.streams, 'IndexedDB', orderId, (number) => seen.push(number))
      await eventually(() => equal(seen, expected))
      await client.close()
    }
  },
}

const leave = (kind: StoreKind) => async (lab: Lab) => {
  const orderId = `left-${kind}`
  const seen: unknown[] = []
  const listen = ({ data }: MessageEvent) => {
    if (data.orderId === orderId) seen.push(data.number)
  }
  addEventListener('message', listen)
  // A page within this one, which is left as any other.
  const frame = document.createElement('iframe')
  const show = (url: string) =>
    new Promise((resolve) => {
      frame.onload = resolve
      frame.src = url
    })
  document.body.append(frame)
  const query = new URLSearchParams({ streams: lab.streams, kind, orderId })
  try {
    await lab.command('publish', { orderId, count: 3 })
    await show(`/frame?${query}`)
    await eventually(() => equal(seen, [1, 2, 3]))
    await lab.command('publish', { orderId, count: 2 })
    await eventually(() => equal(seen, [1, 2, 3, 4, 5]))
    // Right after that: what it has handled last is written when it goes.
    await show('about:blank')
    await lab.command('publish', { orderId, count: 2 })
    await show(`/frame?${query}&again`)
    await eventually(() => equal(seen.at(-1), 7))
    const again = seen.splice(5)
    // WebKit takes no more into its IndexedDB from a page that goes: what came last comes again, and nothing is skipped.
    const isLate = kind === 'IndexedDB' && navigator.userAgent.includes('AppleWebKit/605')
    equal(again, isLate ? range(7).slice(-again.length) : [6, 7])
  } finally {
    frame.remove()
    removeEventListener('message', listen)
  }
}

/** Where there is a page. */
const leaving: Readonly<Record<string, Behaviour>> = {
  'goes on where the page before was left, by localStorage': leave('localStorage'),
  'goes on where the page before was left, by IndexedDB': leave('IndexedDB'),
}

/** The names of all behaviours: those of every runtime, those that web workers have besides, and those of pages alone. */
export const names: readonly string[] = Object.keys(behaviours)
export const workerNames: readonly string[] = Object.keys(storing)
export const pageNames: readonly string[] = Object.keys(leaving)

/** Tries every behaviour, one after the other. Never rejects. */
export async function runSuite({ streams, control }: Addresses): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = []
  const here = {
    ...('document' in globalThis && leaving),
    ...('indexedDB' in globalThis && storing),
    ...behaviours,
  }
  for (const [name, behaviour] of Object.entries(here)) {
    const clients: EventClient[] = []
    const lab: Lab = {
      streams,
      control,
      createClient(path = '/events', headers = {}) {
        const backoff = { base: 100, floor: 20, cap: 200 }
        const client = createEventClient({ url: `${streams}${path}`, headers, backoff, onError() {} })
        clients.push(client)
        return client
      },
      async command(command, values) {
        const body = JSON.stringify({ command, ...values })
        const response = await fetch(control, { method: 'POST', body })
        if (!response.ok) throw new Error(`${command}: ${response.status} ${await response.text()}`)
        return response.json()
      },
    }
    try {
      await Promise.race([behaviour(lab), tooLong()])
      outcomes.push({ name })
    } catch (error) {
      outcomes.push({
        name,
        fault: error instanceof Error ? `${error.message}\n${error.stack}` : String(error),
      })
    }
    await Promise.all(clients.map((client) => client.close()))
  }
  return outcomes
}

type Orders = AsyncIterator<{ readonly name: string; readonly data: unknown }, unknown>

async function numbers(events: Orders, count: number): Promise<unknown[]> {
  const found: unknown[] = []
  while (found.length < count) {
    const { value, done } = await events.next()
    if (done) break
    const { name, data } = value as { readonly name: string; readonly data: { readonly number: number } }
    found.push(name === 'placed' ? data.number : name)
  }
  return found
}

/** Resolves when the server has no stream. */
async function noStream(lab: Lab): Promise<void> {
  for (let left = 3_000; (await lab.command('connections')) !== 0; left -= 1) {
    if (left === 0) throw new Error('The server still has a stream')
    await pause(20)
  }
}

function until(client: EventClient, state: EventClient['status']['state']) {
  return new Promise<EventClient['status']>((resolve) => {
    const look = () => {
      if (client.status.state !== state) return
      stop()
      resolve(client.status)
    }
    const stop = client.onStatus(look)
    look()
  })
}

/** Resolves once it is as it is to be. */
async function eventually(look: () => void): Promise<void> {
  for (let left = 3_000; ; left -= 1) {
    try {
      return look()
    } catch (error) {
      if (left === 0) throw error
      await pause(20)
    }
  }
}

function equal(actual: unknown, expected: unknown): void {
  const [found, wanted] = [JSON.stringify(actual), JSON.stringify(expected)]
  if (found !== wanted) throw new Error(`${found?.slice(0, 500)} instead of ${wanted?.slice(0, 500)}`)
}

const range = (count: number) => Array.from({ length: count }, (_, index) => index + 1)
const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds))
const tooLong = () => pause(60_000).then(() => Promise.reject(new Error('took more than a minute')))
