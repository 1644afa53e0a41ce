import type { ServerResponse } from 'node:http'
import type { Http2ServerResponse } from 'node:http2'
import { createNodeSink } from '../session/node-sink.ts'
import type { Answer } from './call.ts'

// What both kinds of response do alike. Of their overloads TypeScript can pick none.
interface HeadWriter {
  writeHead(status: number, headers: Readonly<Record<string, string>>): unknown
  end(body: string): unknown
}

/** Gives an answer by a response of Node, as soon as it is there. */
export function answerByResponse(
  response: ServerResponse | Http2ServerResponse,
  answering: Answer | Promise<Answer>,
  onError: (error: unknown) => void,
): void {
  let gone = false
  response.once('close', () => {
    gone = true
  })
  // Followed by `close`, which is enough to know.
  response.on('error', ignore)

  function give({ status, headers, body, stream }: Answer): void {
    // Nobody is there any more, and nothing would say so again.
    if (gone) return
    try {
      const head: HeadWriter = response
      head.writeHead(status, headers)
      if (stream === undefined) head.end(body ?? '')
      else stream((observer) => createNodeSink(response, observer))
    } catch (error) {
      onError(error)
      response.destroy()
    }
  }
  if (answering instanceof Promise) answering.then(give).catch(onError)
  else give(answering)
}

const ignore = () => {}
