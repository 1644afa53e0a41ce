import { request } from 'node:http'
import { connect, type Socket } from 'node:net'
import type { EventServer } from './server.ts'
import { StreamReader } from './stream-reader.fixture.ts'

/** An answer that is being read. */
export interface OpenStream extends StreamReader {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** Leaves, as a client that is closed. */
  leave(): void
  /** Reads nothing from now on. */
  pause(): void
  resume(): void
}

interface Asking {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}

/** Asks over a socket of its own, and resolves with the head. */
export function openStream(
  url: string,
  { method = 'GET', headers = {}, body }: Asking = {},
): Promise<OpenStream> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { method, headers, agent: false }, (response) => {
      const reader = new StreamReader(headers['last-event-id'])
      response.on('data', (chunk: Uint8Array) => reader.push(chunk))
      response.on('close', () => reader.end(response.complete ? undefined : new Error('cut')))
      response.on('error', () => {})
      resolve(
        Object.assign(reader, {
          status: response.statusCode ?? 0,
          headers: response.headers as Record<string, string>,
          leave: () => void asked.destroy(),
          pause: () => void response.pause(),
          resume: () => void response.resume(),
        }),
      )
    })
    asked.on('error', reject)
    asked.end(body)
  })
}

/** Asks the fetch handler, without any socket. */
export async function fetchStream(
  events: EventServer,
  path: string,
  init: RequestInit = {},
): Promise<OpenStream> {
  const leaving = new AbortController()
  const asked = new Request(new URL(path, 'http://shop.test'), { signal: leaving.signal, ...init })
  const response = await events.fetch(asked)
  const reader = new StreamReader(asked.headers.get('last-event-id') ?? '')
  let paused: Promise<void> | undefined
  let goOn = () => {}
  void read().then(() => reader.end(), reader.end.bind(reader))
  return Object.assign(reader, {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    leave: () => leaving.abort(),
    pause() {
      paused ??= new Promise((resolve) => {
        goOn = resolve
      })
    },
    resume() {
      goOn()
      paused = undefined
    },
  })

  async function read(): Promise<void> {
    const chunks = response.body?.getReader()
    if (chunks === undefined) return
    for (let taken = await chunks.read(); !taken.done; taken = await chunks.read()) {
      reader.push(taken.value)
      await paused
    }
  }
}

/** A bare socket that has sent these lines as its request. */
export interface RawClient {
  readonly socket: Socket
  /** All that has come, head included. */
  readonly reader: StreamReader
}

/** Asks by hand, for what no client would send, and to see every byte. */
export function openRaw(port: number, ...lines: string[]): RawClient {
  const socket = connect(port, '127.0.0.1')
  const reader = new StreamReader()
  socket.on('data', (chunk) => reader.push(chunk))
  socket.on('error', () => {})
  socket.on('close', () => reader.end())
  socket.write(`${lines.join('\r\n')}\r\n\r\n`)
  return { socket, reader }
}
