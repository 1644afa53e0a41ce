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
        const head = headText(status, headers, 'transfer-encoding: chunked')
        stream((observer) => new SocketSink(socket, head, observer))
        return
      }
      const bytes = Buffer.from(body ?? '')
      // [RFC 9110 §8.6] No Content-Length in a 204.
      const length = body === undefined ? '' : `content-length: ${bytes.byteLength}`
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
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  const all = [...lines, `date: ${new Date().toUTCString()}`, 'connection: close']
  if (framing !== '') all.push(framing)
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${all.join('\r\n')}\r\n\r\n`
}
