import { appendFile, mkdir, rename, stat } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { dirname } from 'node:path'

const rotateAt = 5 * 1024 * 1024
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Writes what a server answers into a file, one line a request. */
export interface AccessLog {
  /** Notes the request when its response is over: that of a stream therefore when the stream ends. */
  note(request: IncomingMessage, response: ServerResponse): void
  /** Resolves when all that was noted is written. */
  flush(): Promise<void>
}

/** Opens a log in the combined format. A file that has grown large is rotated to `<path>.1` first. */
export async function openAccessLog(path: string, onError: (error: unknown) => void): Promise<AccessLog> {
  await mkdir(dirname(path), { recursive: true })
  const size = await stat(path).then(
    (stats) => stats.size,
    () => 0,
  )
  if (size >= rotateAt) await rename(path, `${path}.1`)
  await appendFile(path, '')
  let written = Promise.resolve()
  return {
    note(request, response) {
      const began = new Date()
      const before = request.socket.bytesWritten
      // Now: a socket that has ended does not know any more who was there.
      const address = request.socket.remoteAddress ?? '-'
      response.once('close', () => {
        const bytes = request.socket.bytesWritten - before
        const line = formatRequest(request, { address, began, status: response.statusCode, bytes })
        written = written.then(() => appendFile(path, line)).catch(onError)
      })
    },
    flush: () => written,
  }
}

interface Answer {
  readonly address: string
  readonly began: Date
  readonly status: number
  readonly bytes: number
}

function formatRequest(request: IncomingMessage, { address, began, status, bytes }: Answer): string {
  const line = `${request.method} ${request.url} HTTP/${request.httpVersion}`
  const { referer = '-', 'user-agent': agent = '-' } = request.headers
  return `${address} - - [${clfTime(began)}] ${quote(line)} ${status} ${bytes} ${quote(referer)} ${quote(agent)}\n`
}

/** As Apache does it: a request can neither end its field nor begin a line of its own. */
function quote(text: string): string {
  const escaped = text.replace(/[\\"]|\p{Cc}/gu, (character) =>
    character === '"' || character === '\\'
      ? `\\${character}`
      : `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  )
  return `"${escaped}"`
}

function clfTime(date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0')
  const day = `${two(date.getUTCDate())}/${months[date.getUTCMonth()]}/${date.getUTCFullYear()}`
  return `${day}:${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())} +0000`
}
