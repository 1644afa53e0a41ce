import type { ServerResponse } from 'node:http'
import type { Http2ServerResponse } from 'node:http2'
import { NodeSink } from '../session/node-sink.ts'
import type { Answer } from './call.ts'
import { respondBare } from './node-http2-stream.ts'

// What both kinds of response do alike. Of their overloads TypeScript can pick none.
interface HeadWriter {
  writeHead(status: number, headers: Readonly<Record<string, string>>): unknown
  end(body: string): unknown
}

/**
 * Gives an answer by a response of Node, as soon as it is there.
 *
 * @param bare whether a stream may go on below the response where the response can be done without
 */
export function answerByResponse(
  response: ServerResponse | Http2ServerResponse,
  answering: Answer | Promise<Answer>,
  onError: (error: unknown) => void,
  bare: boolean,
): void {
  // Followed by `close`, which is enough to know.
  response.on('error', ignore)

  function give({ status, headers, body, stream }: Answer): void {
    try {
      const below = bare && stream !== undefined ? respondBare(response, status, headers) : undefined
      if (below !== undefined) {
        stream?.((observer) => new NodeSink(below, observer))
        return
      }
      const head: HeadWriter = response
      head.writeHead(status, headers)
      if (stream === undefined) head.end(body ?? '')
      else inOneWrite(response, () => stream((observer) => new NodeSink(response, observer)))
    } catch (error) {
      onError(error)
      response.destroy()
    }
  }
  if (!(answering instanceof Promise)) {
    give(answering)
    return
  }
  let gone = false
  const leave = () => {
    gone = true
  }
  response.once('close', leave)
  answering
    .then((answer) => {
      response.removeListener('close', leave)
      // Nobody is there any more, and nothing would say so again.
      if (!gone) give(answer)
    })
    .catch(onError)
}

// A response keeps its head as long as it lives: as one text where that was written by itself, and otherwise in the two dozen pieces that it was
// put together from. The socket waits, so that both leave as one.
function inOneWrite(response: ServerResponse | Http2ServerResponse, begin: () => void): void {
  if ('stream' in response) {
    begin()
    return
  }
  const { socket } = response
  socket?.cork()
  try {
    response.flushHeaders()
    begin()
  } finally {
    socket?.uncork()
  }
}

const ignore = () => {}
