import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import { serveHttp } from './stream-server.fixture.ts'

/** Passes an answer on in its own way. */
export type Passing = (answer: IncomingMessage, response: ServerResponse) => void

/** A proxy in front of a port, until the test is over. */
export function startProxy(target: number, pass: Passing): Promise<number> {
  return serveHttp((request, response) => {
    const { url = '/', method, headers } = request
    const asked = http.request(
      { port: target, host: '127.0.0.1', path: url, method, headers, agent: false },
      (answer) => {
        answer.on('error', () => response.destroy())
        pass(answer, response)
      },
    )
    asked.on('error', () => response.destroy())
    response.on('close', () => asked.destroy())
    asked.end()
  })
}

/** Passes everything on as it comes. */
export const straight: Passing = (answer, response) => {
  response.writeHead(answer.statusCode ?? 0, answer.headers)
  response.flushHeaders()
  answer.pipe(response)
}

/** Keeps an answer until it is complete, as nginx without a word from the server. */
export const buffering: Passing = (answer, response) => {
  const chunks: Buffer[] = []
  answer.on('data', (chunk: Buffer) => chunks.push(chunk))
  answer.on('end', () => {
    response.writeHead(answer.statusCode ?? 0, answer.headers)
    response.end(Buffer.concat(chunks))
  })
}

/** Passes the head on, and bytes only when there are many. */
export const holding: Passing = (answer, response) => {
  response.writeHead(answer.statusCode ?? 0, answer.headers)
  response.flushHeaders()
  answer.resume()
}

/** Waits a while whether more comes, as HAProxy. What is over is passed on at once. */
export const waiting =
  (delay: number): Passing =>
  (answer, response) => {
    const { statusCode = 0, headers } = answer
    const end = () => response.writeHead(statusCode, headers).end()
    answer.once('end', end)
    answer.once('data', (first: Buffer) => {
      answer.off('end', end).pause()
      setTimeout(() => {
        response.writeHead(statusCode, headers).write(first)
        answer.pipe(response)
      }, delay)
    })
  }

/** Gathers what comes over a while. */
export const gathering =
  (interval: number): Passing =>
  (answer, response) => {
    let chunks: Buffer[] = []
    response.writeHead(answer.statusCode ?? 0, answer.headers)
    response.flushHeaders()
    answer.once('data', (first: Buffer) => {
      response.write(first)
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
    })
    const timer = setInterval(() => {
      if (chunks.length > 0) response.write(Buffer.concat(chunks))
      chunks = []
    }, interval)
    response.on('close', () => clearInterval(timer))
  }

/** Cuts what has been silent for a while. */
export const cutting =
  (timeout: number): Passing =>
  (answer, response) => {
    straight(answer, response)
    answer.socket.setTimeout(timeout, () => response.destroy())
  }
