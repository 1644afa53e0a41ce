import { randomBytes } from 'node:crypto'
import type { StreamAddress } from '../peers/peer.ts'

/** The text that opens a stream. @param cursor to resume from */
export function requestText(address: StreamAddress, index: number, cursor: string | undefined): string {
  const { protocol, body } = address
  const path = address.path.replace('{index}', String(index))
  if (protocol === 'websocket' || protocol === 'socket.io') return upgradeText(path, cursor)
  const lines = [
    `${body === undefined ? 'GET' : 'POST'} ${path} HTTP/1.1`,
    'host: 127.0.0.1',
    'accept: text/event-stream',
    'cache-control: no-cache',
    'user-agent: benchmark',
    ...(cursor === undefined ? [] : [`last-event-id: ${cursor}`]),
    ...(body === undefined ? [] : ['content-type: application/json', `content-length: ${body.length}`]),
  ]
  return `${lines.join('\r\n')}\r\n\r\n${body ?? ''}`
}

// [RFC 6455 §4.1] The cursor goes into the query, since a browser can set no headers here.
function upgradeText(path: string, cursor: string | undefined): string {
  const separator = path.includes('?') ? '&' : '?'
  const query = cursor === undefined ? '' : `${separator}last-event-id=${cursor}`
  const lines = [
    `GET ${path}${query} HTTP/1.1`,
    'host: 127.0.0.1',
    'upgrade: websocket',
    'connection: upgrade',
    'sec-websocket-version: 13',
    `sec-websocket-key: ${randomBytes(16).toString('base64')}`,
  ]
  return `${lines.join('\r\n')}\r\n\r\n`
}

/** A short text as a frame of a WebSocket's client, which has to mask it; with zeros, which changes nothing. */
export function textFrame(text: string): Buffer {
  return Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), Buffer.from(text)])
}
