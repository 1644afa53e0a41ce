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

/** The head as `node:http` would write it. @param framing the header that tells where the body ends, where there is one */
function headText(status: number, headers: Readonly<Record<string, string>>, framing: string): string {
  // Nearly all answers have the very same ones.
  let lines = linesOf.get(headers)
  if (lines === undefined) {
    lines = Object.entries(headers)
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('')
    linesOf.set(headers, lines)
  }
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines}date: ${date()}\r\nconnection: close\r\n${framing}\r\n`
}

const linesOf = new WeakMap<Readonly<Record<string, string>>, string>()

let dateText = ''
let dateSecond = 0

// [RFC 9110 §5.6.7] To the second, which is as often as it is written anew.
function date(): string {
  const second = Math.floor(Date.now() / 1_000)
  if (second !== dateSecond) {
    dateSecond = second
    dateText = new Date(second * 1_000).toUTCString()
  }
  return dateText
}
