import { request as httpRequest, type IncomingMessage } from 'node:http'
import { AbortController, AbortSignal } from 'abort-controller'
import { vi } from 'vitest'
// @ts-expect-error It comes without types.
import * as whatwg from 'whatwg-fetch'

// What React Native has among its globals: these two packages themselves, over an `XMLHttpRequest` that answers when all has come.

/** As much of an `XMLHttpRequest` as `whatwg-fetch` asks for. */
class XMLHttpRequest {
  static readonly DONE = 4
  status = 0
  statusText = ''
  responseURL = ''
  readyState = 0
  response = ''
  onload?: () => void
  onerror?: () => void
  onabort?: () => void
  onreadystatechange?: () => void
  #request: ReturnType<typeof httpRequest> | undefined
  #head: IncomingMessage | undefined
  #target: [method: string, url: string] = ['', '']
  readonly #headers: Record<string, string> = {}

  open(method: string, url: string): void {
    this.#target = [method, url]
  }

  setRequestHeader(name: string, value: string): void {
    this.#headers[name] = value
  }

  getAllResponseHeaders(): string {
    return Object.entries(this.#head?.headers ?? {})
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('')
  }

  send(body: string | null): void {
    const [method, url] = this.#target
    this.#request = httpRequest(url, { method, headers: this.#headers }, async (head) => {
      this.#head = head
      head.setEncoding('utf8')
      try {
        for await (const text of head) this.response += text
        this.status = head.statusCode ?? 0
        this.responseURL = url
        this.#end()
        this.onload?.()
      } catch {
        this.#end()
        this.onerror?.()
      }
    })
    this.#request.on('error', () => this.onerror?.())
    this.#request.end(body ?? undefined)
  }

  abort(): void {
    this.#request?.destroy()
    this.#end()
    this.onabort?.()
  }

  #end(): void {
    this.readyState = XMLHttpRequest.DONE
    this.onreadystatechange?.()
  }
}

const own = { fetch: globalThis.fetch, AbortController: globalThis.AbortController }

/** Puts them in the place of Node's own, until `vi.unstubAllGlobals`. */
export function enterReactNative(): void {
  const { fetch, Headers, Request, Response } = whatwg as typeof globalThis
  const globals = { XMLHttpRequest, fetch, Headers, Request, Response, AbortController, AbortSignal }
  for (const [name, value] of Object.entries(globals)) vi.stubGlobal(name, value)
}

/** What `expo/fetch` takes of an `init`. */
interface ExpoInit {
  readonly method?: string
  readonly headers?: Headers
  readonly body?: string
  readonly signal?: AbortSignal
}

/** Like the `fetch` of `expo/fetch`: an address and some settings in, and a body that streams out, from the network below. */
export async function expoFetch(url: string, { signal, headers, ...init }: ExpoInit = {}) {
  if (typeof url !== 'string') throw new TypeError('The address must be a text')
  const controller = new own.AbortController()
  signal?.addEventListener('abort', () => controller.abort())
  const named: [string, string][] = []
  headers?.forEach((value, name) => {
    named.push([name, value])
  })
  const answer = await own.fetch(url, { ...init, headers: named, signal: controller.signal })
  const received = new Headers()
  for (const [name, value] of answer.headers) received.set(name, value)
  return { status: answer.status, headers: received, body: answer.body, text: () => answer.text() }
}
