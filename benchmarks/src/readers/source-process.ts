import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { answerCalls } from '../process-calls.ts'
import type { Wire } from './names.ts'
import { numberedJson } from './numbered-event.ts'
import { wires } from './wires.ts'

// Sends clients what their own servers would send, written before the measurement, as fast as they take it and in pieces of one size.

const writeSize = 65_536

const methods = {
  /** Serves this many events, numbered from 1, to whoever asks. Answers the port. */
  async serve({ wire, events, chunk }: { wire: Wire; events: number; chunk: number }): Promise<number> {
    const body = Buffer.concat([
      framed(Buffer.from(wires[wire].head)),
      ...chunksOf(textOf(wire, events), chunk),
    ])
    const server = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.flushHeaders()
      void send(response.socket as Socket, body)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  },
}

/** What the process of the source can be asked. */
export type SourceMethods = typeof methods

function textOf(wire: Wire, events: number): Buffer {
  const { frame } = wires[wire]
  const parts: Buffer[] = []
  let text = ''
  for (let number = 1; number <= events; number += 1) {
    text += frame(number, numberedJson(number))
    if (number % 1_000 !== 0 && number !== events) continue
    parts.push(Buffer.from(text))
    text = ''
  }
  return Buffer.concat(parts)
}

function* chunksOf(bytes: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield framed(bytes.subarray(at, at + size))
}

// [RFC 9112 §7.1] A chunk of HTTP is what `fetch` hands on in one piece, however packets cut it.
function framed(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')])
}

async function send(socket: Socket, body: Buffer): Promise<void> {
  // Told by `close` as well.
  socket.on('error', () => {})
  const goOn = new EventTarget()
  for (const name of ['drain', 'close']) socket.on(name, () => goOn.dispatchEvent(new Event('go')))
  for (let at = 0; at < body.length && !socket.destroyed; at += writeSize) {
    const written = socket.write(body.subarray(at, at + writeSize))
    if (!written) await once(goOn, 'go')
  }
}

answerCalls(methods)
