import { type IncomingMessage, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { attend, SocketSink } from '../session/socket-sink.ts'
import type { Answer } from './call.ts'

/** Gives an answer on a socket that was taken, as soon as it is there. Whatever it is, the connection carries nothing after it. */
export function answerOnSocket(
  socket: Socket,
  request: IncomingMessage,
  answering: Answer | Promise<Answer>,
  onError: (error: unknown) => void,
): void {
  attend(socket)

  function give({ status, headers, body, stream }: Answer): void {
    // Nobody is there any more, and nothing would say so again.
    if (socket.destroyed) return
    try {
      if (stream !== undefined) {
        const head = headText(status, headers, 'transfer-encoding: chunked\r\n')
        stream((observer) => new SocketSink(socket, head, observer))
        return
      }
      const bytes = Buffer.from(body ?? '')
      // [RFC 9110 §8.6] No Content-Length in a 204.
      const length = body === undefined ? '' : `content-length: ${bytes.byteLength}\r\n`
      socket.write(Buffer.concat([Buffer.from(headText(status, headers, length), 'latin1'), bytes]))
      socket.destroySoon()
    } catch (error) {
      onError(error)
      socket.destroy()
    }
  }
  if (!(answering instanceof Promise)) {
    give(answering)
    return
  }
  // Whoever looks at the request meanwhile learns from it alone that the client has left.
  const leave = () => void request.destroy()
  socket.on('close', leave)
  answering
    .then((answer) => {
      socket.removeListener('close', leave)
      give(answer)
    })
    .catch(onError)
}

type Headers = Readonly<Record<string, string>>

/** The head as `node:http` would write it. @param framing the header that tells where the body ends, where there is one */
function headText(status: number, headers: Headers, framing: string): string {
  // [RFC 9110 §5.6.7] Its date is to the second, and nearly all answers of a second are the very same.
  const second = Math.floor(Date.now() / 1_000)
  if (
    last?.second !== second ||
    last.status !== status ||
    last.headers !== headers ||
    last.framing !== framing
  ) {
    const lines = Object.entries({
      ...headers,
      date: new Date(second * 1_000).toUTCString(),
      connection: 'close',
    }).map(([name, value]) => `${name}: ${value}\r\n`)
    const text = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}${framing}\r\n`
    last = { second, status, headers, framing, text }
  }
  return last.text
}

let last:
  | {
      readonly second: number
      readonly status: number
      readonly headers: Headers
      readonly framing: string
      readonly text: string
    }
  | undefined
