import { parseStreamRequest, parseStreamRequestBody, type StreamRequest } from '@millrace/protocol'
import type { Limits } from '../options.ts'
import { acceptsEventStream } from './accept.ts'
import type { Call } from './call.ts'
import { methods } from './problem-answer.ts'
import { RefusalError } from './refusal-error.ts'

const served: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST'])

/**
 * Reads what stream a call asks for: at once, unless it is in the body.
 *
 * @param base path of the streams
 * @throws RefusalError, RequestError; of what is in the body it rejects with them
 */
export function readStreamCall(
  call: Call,
  base: string,
  limits: Limits,
): StreamRequest | Promise<StreamRequest> {
  const address = addressIn(call.path, base)
  if (!served.has(call.method)) {
    throw new RefusalError('method-not-allowed', `${call.method} is not one of ${methods}`)
  }
  if (!acceptsEventStream(call.header('accept'))) {
    throw new RefusalError('not-acceptable', 'The answer is text/event-stream, which "accept" leaves out')
  }
  if (call.length > limits.requestBytes) {
    throw new RefusalError(
      'too-large',
      `The address is longer than ${limits.requestBytes} bytes; POST it as JSON`,
      { cause: 'requestBytes' },
    )
  }
  return call.method === 'POST'
    ? bodyOf(call, limits.requestBytes).then((body) => checked(parseStreamRequestBody(body), base, limits))
    : checked(parseStreamRequest(queryOf(call), address), base, limits)
}

function checked(asked: StreamRequest, base: string, limits: Limits): StreamRequest {
  if (asked.topics.length === 0) {
    throw new RefusalError('bad-request', `No topic was asked for: add ?topic=… or ${base}/…`)
  }
  if (asked.topics.length > limits.topics) {
    throw new RefusalError('too-large', `More than ${limits.topics} topics were asked for`, {
      cause: 'topics',
    })
  }
  return asked
}

function addressIn(path: string, base: string): string | undefined {
  if (path === base || path === `${base}/`) return undefined
  if (path.startsWith(`${base}/`)) return path.slice(base.length + 1)
  throw new RefusalError('not-found', `The streams are at ${base}`)
}

// Most requests that name their topic in the path have none, and to make one costs as much as all the rest of reading.
function queryOf(call: Call): URLSearchParams {
  return call.length === call.path.length ? noQuery : call.query
}

const noQuery = new URLSearchParams()

async function bodyOf(call: Call, maxBytes: number): Promise<string> {
  try {
    return await call.body(maxBytes)
  } catch (error) {
    if (RefusalError.isInstance(error)) throw error
    // The client left in the middle of it, which is no fault of the server's.
    throw new RefusalError('bad-request', 'The body could not be read to its end')
  }
}
