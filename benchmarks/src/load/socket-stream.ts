import { connect, type Socket } from 'node:net'
import type { StreamAddress } from '../peers/peer.ts'
import { requestText, textFrame } from './requests.ts'
import type { Stream } from './stream.ts'

/** What a stream is opened with. */
export interface StreamOptions {
  readonly port: number
  readonly address: StreamAddress
  readonly index: number
  readonly cursor: string | undefined
  /** Whether to keep all text. */
  readonly keep: boolean
  readonly received: (chunk: Buffer) => void
  readonly closed: () => void
}

// One for all sockets: a chunk is done with before the next is read.
const shared = Buffer.allocUnsafe(64 * 1024)

// Ports are counted for each source address, and 10,000 streams a second apart would use those of one up.
const sources = 16

const pingFrame = Buffer.from([0x81, 0x01, 0x32])
const pongFrame = textFrame('3')

/** Opens a stream on a bare socket. Of HTTP it reads the status and the end of the head. */
export function openSocketStream(options: StreamOptions): Stream {
  const { port, address, index, cursor, keep, received, closed } = options
  const expected = address.protocol === 'http' ? 'HTTP/1.1 200' : 'HTTP/1.1 101'
  let text = ''
  let head: string | undefined = ''
  let open!: () => void
  let refuse!: (error: Error) => void
  const opened = new Promise<void>((resolve, reject) => {
    open = resolve
    refuse = reject
  })

  const readHead = (chunk: Buffer): Buffer | undefined => {
    head += chunk.toString('latin1')
    const end = (head as string).indexOf('\r\n\r\n')
    if (end === -1) return undefined
    const [line = ''] = (head as string).split('\r\n', 1)
    const rest = Buffer.from((head as string).slice(end + 4), 'latin1')
    head = undefined
    if (line.startsWith(expected)) {
      // [Engine.IO, Socket.IO] After the transport, the namespace is entered.
      if (address.protocol === 'socket.io') socket.write(textFrame('40'))
      open()
    } else refuse(new Error(`${address.path} was answered ${line}`))
    return rest
  }
  const take = (bytes: Buffer) => {
    if (keep) text += bytes.toString('utf8')
    if (address.protocol === 'socket.io' && bytes.indexOf(pingFrame) === 0) socket.write(pongFrame)
    received(bytes)
  }
  const socket: Socket = connect({
    port,
    host: '127.0.0.1',
    localAddress: `127.0.0.${2 + (index % sources)}`,
    noDelay: true,
    onread: {
      buffer: shared,
      callback(length, buffer) {
        const chunk = (buffer as Buffer).subarray(0, length)
        const bytes = head === undefined ? chunk : readHead(chunk)
        if (bytes !== undefined && bytes.length > 0) take(bytes)
        return true
      },
    },
  })
  socket.write(requestText(address, index, cursor))
  socket.on('error', refuse)
  socket.on('close', () => {
    refuse(new Error(`${address.path} was closed`))
    closed()
  })
  // Who is closed later has nobody waiting for its opening.
  opened.catch(() => {})
  return {
    opened,
    get text() {
      return text
    },
    // With a reset, so that no port waits for stragglers.
    destroy: () => void socket.resetAndDestroy(),
  }
}
