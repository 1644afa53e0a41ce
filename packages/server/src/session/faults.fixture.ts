import http, { type ServerResponse } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { channel, defineContract } from '@millrace/contract'
import { type Log, memoryLog } from '@millrace/log'
import * as z from 'zod'
import { createEventServer, type EventServer, type EventServerOptions } from '../index.ts'
import { toNodeListener } from '../node.ts'

// A process of its own, in which everything that others wrote goes wrong. It ends with 0 when it has survived all of that, and served
// well in between; whatever escapes ends it with another code, as Node does.

const park = defineContract({
  name: 'park',
  version: '1.0.0',
  channels: {
    gates: channel('gates/{id}', {
      params: { id: z.string().refine((id) => (id === 'cursed' ? explode() : true)) },
      events: { opened: z.object({ by: z.string().refine((by) => (by === 'cursed' ? explode() : true)) }) },
      snapshot: z.any(),
    }),
  },
})
const gate = park.gates({ id: '1' })

function explode(): never {
  throw new Error('schema')
}

/** What a function of others may do in place of its work. */
const misdeeds: Readonly<Record<string, () => unknown>> = {
  throws: () => {
    throw new Error('thrown')
  },
  'throws nothing': () => {
    throw undefined
  },
  rejects: () => Promise.reject(new Error('rejected')),
  'rejects with nothing': () => Promise.reject(),
  hangs: () => new Promise(() => {}),
  'answers nothing': () => undefined,
  'answers null': () => null,
  'answers nonsense': () => ({ allow: 'yes', epoch: 7, records: 5 }),
  'answers what throws when it is looked at': () =>
    new Proxy(() => {}, {
      get: () => {
        throw new Error('looked at')
      },
    }),
}

interface Fault {
  readonly name: string
  readonly options?: (misdeed: () => unknown) => Partial<EventServerOptions>
  readonly prepare?: (events: EventServer, misdeed: () => unknown) => void
  readonly response?: (response: ServerResponse, misdeed: () => unknown) => void
  /** Whether it is Node's own, which gives no promises. */
  readonly native?: boolean
}

const logFault = (method: keyof Log): Fault => ({
  name: `log.${method}`,
  options: (misdeed) => ({ log: { ...bound(memoryLog()), [method]: misdeed } as Log }),
})
const responseFault = (method: 'write' | 'end' | 'destroy' | 'writeHead'): Fault => ({
  name: `response.${method}`,
  native: true,
  response: (response, misdeed) => Object.assign(response, { [method]: misdeed }),
})

const socketFault = (method: 'write' | 'destroySoon'): Fault => ({
  name: `socket.${method}`,
  native: true,
  response({ req, socket }, misdeed) {
    // What Node itself writes on is its own affair.
    if (req.method === 'GET' && !req.url?.includes('cursed'))
      Object.assign(socket ?? {}, { [method]: misdeed })
  },
})

const faults: readonly Fault[] = [
  { name: 'authorize', options: (misdeed) => ({ authorize: misdeed as never }) },
  { name: 'allow', options: (misdeed) => ({ authorize: () => ({ allow: misdeed as never }) }) },
  {
    name: 'challenge',
    options: (misdeed) => ({ authorize: () => ({ allow: false, challenge: misdeed as never }) }),
  },
  { name: 'trustProxy', options: (misdeed) => ({ trustProxy: misdeed as never }) },
  { name: 'onError', options: (misdeed) => ({ onError: misdeed, authorize: misdeed as never }) },
  { name: 'snapshot', prepare: (events, misdeed) => events.snapshot(park.gates, misdeed) },
  { name: 'source', prepare: (events, misdeed) => events.source(park.gates, misdeed as never) },
  {
    name: 'the iterator of a source',
    prepare: (events, misdeed) =>
      events.source(park.gates, (() => ({
        [Symbol.asyncIterator]: () => ({ next: misdeed, return: misdeed }),
      })) as never),
  },
  {
    name: 'the end of a source',
    prepare: (events, misdeed) =>
      events.source(park.gates, async function* () {
        try {
          yield { name: 'opened', data: { by: 'source' } }
        } finally {
          await misdeed()
        }
      }),
  },
  {
    name: 'revoke',
    prepare: (events, misdeed) => setTimeout(() => guarded(() => events.revoke(misdeed as never)), 5),
  },
  logFault('append'),
  logFault('bounds'),
  logFault('read'),
  logFault('tail'),
  {
    name: 'what a tail tells',
    options: (misdeed) => ({
      log: {
        ...bound(memoryLog()),
        tail: (_, observer) => {
          for (const told of [undefined, [undefined], [{}], 5]) {
            setTimeout(() => guarded(() => observer.records(told as never)), 5)
          }
          setTimeout(() => guarded(() => observer.reset(undefined as never)), 6)
          setTimeout(() => observer.error?.(new Error('told')), 7)
          return misdeed as () => void
        },
      },
    }),
  },
  responseFault('write'),
  responseFault('end'),
  responseFault('destroy'),
  responseFault('writeHead'),
  socketFault('write'),
  socketFault('destroySoon'),
  {
    name: 'what a response tells of itself',
    // A number or nothing at all.
    response: (response, misdeed) =>
      Object.defineProperty(response, 'writableLength', { get: () => (misdeed() === undefined ? 0 : 1) }),
    native: true,
  },
  {
    name: 'a socket',
    response: (response) => void setTimeout(() => response.socket?.destroy(new Error('socket')), 5),
  },
  {
    name: 'a response',
    response: (response) => void setTimeout(() => response.emit('error', new Error('response')), 5),
  },
]

function bound(log: Log): Log {
  return {
    append: (records) => log.append(records),
    read: (after, limit) => log.read(after, limit),
    tail: (after, observer) => log.tail(after, observer),
    bounds: () => log.bounds(),
    close: () => log.close(),
  }
}

// What is thrown at its own caller is no concern of ours.
function guarded(task: () => unknown): void {
  try {
    task()
  } catch {}
}

for (const fault of faults) {
  for (const [how, misdeed] of Object.entries(misdeeds)) {
    if (!(fault.native && how.startsWith('rejects'))) await suffer(fault, how, misdeed)
  }
}
await serveWell()
console.log(`survived ${faults.length} faults`)
process.exit(0)

async function suffer(fault: Fault, how: string, misdeed: () => unknown): Promise<void> {
  const events = createEventServer({
    contract: park,
    log: memoryLog(),
    heartbeat: 8,
    stallTimeout: 40,
    snapshotTimeout: 5,
    maxAge: 30,
    onError: () => {},
    ...fault.options?.(misdeed),
  })
  fault.prepare?.(events, misdeed)
  const listener = toNodeListener(events)
  const server = http.createServer((request, response) => {
    fault.response?.(response, misdeed)
    listener(request, response)
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const sockets = [
    'GET /events/gates/1 HTTP/1.1\r\nHost: x\r\n\r\n',
    'GET /events?topic=gates/1&topic=gates/*;from=earliest&v=1 HTTP/1.1\r\nHost: x\r\n\r\n',
    'GET /events/gates/1 HTTP/1.1\r\nHost: x\r\nLast-Event-ID: e0.5\r\n\r\n',
    'GET /events/gates/cursed HTTP/1.1\r\nHost: x\r\n\r\n',
    'POST /events HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n{"topic":',
    'HEAD /events/gates/1 HTTP/1.1\r\nHost: x\r\n\r\n',
    'no request at all\r\n\r\n',
  ].map((text) => {
    const socket = connect(port, '127.0.0.1').on('error', () => {})
    socket.write(text)
    socket.resume()
    return socket
  })
  const controller = new AbortController()
  const fetched = events
    .fetch(new Request('http://x/events/gates/1', { signal: controller.signal }))
    .then((response) => response.text())
    .catch(() => {})
  for (let turn = 0; turn < 4; turn += 1) {
    void events.publish(gate, 'opened', { by: 'x' }).catch(() => {})
    void events.publish(gate, 'opened', { by: 'cursed' }).catch(() => {})
    void events.publishMany([{ topic: gate, name: 'opened', data: { by: 'x' } }]).catch(() => {})
    await wait(4)
    // Some leave in the middle of it, one of them with a reset.
    if (turn === 1) sockets[0]?.resetAndDestroy()
    if (turn === 2) sockets[4]?.destroy()
    if (turn === 3) controller.abort()
  }
  void events.end(gate).catch(() => {})
  guarded(() => events.stats())
  const closing = events.close({ drain: 10 }).catch(() => {})
  await Promise.race([
    closing,
    wait(2_000).then(() => Promise.reject(new Error(`${fault.name} ${how}: close hangs`))),
  ])
  for (const socket of sockets) socket.destroy()
  void fetched
  server.closeAllConnections()
  server.close()
}

async function serveWell(): Promise<void> {
  const events = createEventServer({ contract: park, log: memoryLog() })
  const response = await events.fetch(new Request('http://x/events/gates/1'))
  await events.publish(gate, 'opened', { by: 'the keeper' })
  const reader = response.body?.getReader()
  let text = ''
  while (!text.includes('the keeper')) text += new TextDecoder().decode((await reader?.read())?.value)
  await events.close({ drain: 0 })
}
