import http, { type IncomingHttpHeaders } from 'node:http'
import http2 from 'node:http2'
import https from 'node:https'
import { isIP } from 'node:net'
import tls, { type TLSSocket } from 'node:tls'
import { type Answer, NoAnswerError } from './answer.ts'

/** What is asked. */
export interface Question {
  readonly url: URL
  readonly method: 'GET' | 'HEAD'
  readonly headers: Readonly<Record<string, string>>
  /** How long the head of the answer may take, in milliseconds. */
  readonly timeout: number
  /** Ends waiting for it. */
  readonly signal: AbortSignal
}

type Untimed = Omit<Answer, 'took'>

/**
 * Asks over a connection of its own, by HTTP/2 where the other side speaks it, as a browser does.
 *
 * @throws NoAnswerError; what the runtime says of a connection that cannot be made, such as `ECONNREFUSED`
 */
export async function ask(question: Question): Promise<Answer> {
  const ending = new AbortController()
  const began = performance.now()
  let timer: NodeJS.Timeout | undefined
  let stop = () => {}
  const late = new Promise<never>((_, reject) => {
    stop = () => reject(new NoAnswerError(`no answer within ${performance.now() - began} ms`))
    timer = setTimeout(stop, question.timeout)
    question.signal.addEventListener('abort', stop)
    if (question.signal.aborted) stop()
  })
  try {
    const answer = await Promise.race([answerTo(question, ending), late])
    return { ...answer, took: performance.now() - began }
  } catch (error) {
    ending.abort()
    throw error
  } finally {
    clearTimeout(timer)
    question.signal.removeEventListener('abort', stop)
  }
}

async function answerTo(question: Question, ending: AbortController): Promise<Untimed> {
  if (question.url.protocol === 'http:') return byHttp1(question, ending)
  const socket = await connectSecurely(question.url, ending.signal)
  return socket.alpnProtocol === 'h2'
    ? byHttp2(question, socket, ending)
    : byHttp1(question, ending, () => socket)
}

function connectSecurely({ hostname, port }: URL, signal: AbortSignal): Promise<TLSSocket> {
  const host = hostname.replace(/^\[|\]$/g, '')
  return new Promise((resolve, reject) => {
    const socket = tls.connect({
      host,
      port: Number(port || 443),
      ALPNProtocols: ['h2', 'http/1.1'],
      ...(isIP(host) === 0 && { servername: host }),
    })
    const end = () => socket.destroy()
    signal.addEventListener('abort', end)
    socket.once('error', reject)
    socket.once('secureConnect', () => {
      socket.off('error', reject)
      // Of one that breaks later, whoever reads is told.
      socket.on('error', () => {})
      resolve(socket)
    })
  })
}

function byHttp1(
  { url, method, headers }: Question,
  ending: AbortController,
  createConnection?: () => TLSSocket,
): Promise<Untimed> {
  return new Promise((resolve, reject) => {
    const { Agent, request } = url.protocol === 'http:' ? http : https
    // It says `keep-alive`, as browsers do.
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const asked = request(url, { method, headers, agent, ...(createConnection && { createConnection }) })
    const close = () => {
      asked.destroy()
      agent.destroy()
    }
    ending.signal.addEventListener('abort', close)
    asked.on('error', reject)
    asked.on('response', (response) => {
      const { statusCode: status = 0, headers, httpVersion } = response
      resolve({ status, headers, protocol: `HTTP/${httpVersion}`, body: response, close })
    })
    asked.end()
  })
}

function byHttp2(
  { url, method, headers }: Question,
  socket: TLSSocket,
  ending: AbortController,
): Promise<Untimed> {
  return new Promise((resolve, reject) => {
    const session = http2.connect(url.origin, { createConnection: () => socket })
    const close = () => session.destroy()
    ending.signal.addEventListener('abort', close)
    session.on('error', reject)
    const stream = session.request({ ...headers, ':method': method, ':path': `${url.pathname}${url.search}` })
    stream.on('error', reject)
    stream.on('response', (answered) => {
      const { ':status': status = 0, ...rest } = answered
      resolve({ status, headers: rest as IncomingHttpHeaders, protocol: 'HTTP/2', body: stream, close })
    })
    stream.end()
  })
}
