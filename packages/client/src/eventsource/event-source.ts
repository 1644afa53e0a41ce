import type { SseMessage } from '@millrace/protocol'
import type { ConnectionError } from '../connection-error.ts'
import { requireArgument } from '../require-argument.ts'
import { ErrorEvent } from './error-event.ts'
import type { EventSourceConstructor, EventSource as Interface } from './event-source-interface.ts'
import { HandlerAttribute } from './handler-attribute.ts'
import { LastingStream } from './lasting-stream.ts'
import type { EventSourceOptions } from './options.ts'

const states = { CONNECTING: 0, OPEN: 1, CLOSED: 2 } as const
const attributes = ['url', 'withCredentials', 'readyState', 'onopen', 'onmessage', 'onerror', 'close']

class StandardEventSource extends EventTarget {
  readonly #url: string
  readonly #withCredentials: boolean
  readonly #onOpen = new HandlerAttribute(this, 'open')
  readonly #onMessage = new HandlerAttribute(this, 'message')
  readonly #onError = new HandlerAttribute(this, 'error')
  readonly #signal: AbortSignal | undefined
  readonly #close = () => this.close()
  #readyState: 0 | 1 | 2 = states.CONNECTING
  #stream: LastingStream | undefined
  #origin = ''

  constructor(url: string | URL, options: EventSourceOptions | null = {}) {
    super()
    // `undefined` is text like any other.
    // biome-ignore lint/complexity/noArguments: the constructor's length would be another one
    requireArgument(arguments.length > 0, 'An EventSource needs a URL')
    this.#url = resolveUrl(`${url}`)
    this.#withCredentials = Boolean(options?.withCredentials)
    this.#signal = options?.signal
    if (typeof options?.headers === 'object') new Headers(options.headers)
    if (this.#signal?.aborted) {
      this.#readyState = states.CLOSED
      return
    }
    this.#signal?.addEventListener('abort', this.#close)
    this.#stream = new LastingStream(this.#url, options ?? {}, {
      open: (url) => this.#open(url),
      message: (message) => this.#dispatch(message),
      fail: (error) => this.#fail(error),
    })
  }

  get url() {
    return this.#url
  }

  get withCredentials() {
    return this.#withCredentials
  }

  get readyState() {
    return this.#readyState
  }

  get onopen() {
    return this.#onOpen.value
  }

  set onopen(value) {
    this.#onOpen.value = value
  }

  get onmessage() {
    return this.#onMessage.value
  }

  set onmessage(value) {
    this.#onMessage.value = value
  }

  get onerror() {
    return this.#onError.value
  }

  set onerror(value) {
    this.#onError.value = value
  }

  close() {
    this.#readyState = states.CLOSED
    this.#signal?.removeEventListener('abort', this.#close)
    this.#stream?.close()
  }

  #open(url: string): void {
    // [spec] The serialization of the origin of the event stream's final URL (i.e., the URL after redirects).
    this.#origin = new URL(url).origin
    this.#readyState = states.OPEN
    this.dispatchEvent(new Event('open'))
  }

  #dispatch({ event, data, lastEventId }: SseMessage): void {
    this.dispatchEvent(new MessageEvent(event, { data, lastEventId, origin: this.#origin }))
  }

  #fail(error: ConnectionError): void {
    if (error.final) this.close()
    else this.#readyState = states.CONNECTING
    this.dispatchEvent(new ErrorEvent(error))
  }
}

// What WebIDL makes of an interface and JavaScript does not of a class.
function asInterface(implementation: typeof StandardEventSource): EventSourceConstructor {
  const { prototype } = implementation
  for (const name of attributes) Object.defineProperty(prototype, name, { enumerable: true })
  for (const [name, value] of Object.entries(states)) {
    for (const target of [implementation, prototype]) {
      Object.defineProperty(target, name, { value, enumerable: true })
    }
  }
  Object.defineProperty(implementation, 'name', { value: 'EventSource' })
  Object.defineProperty(prototype, Symbol.toStringTag, { value: 'EventSource', configurable: true })
  // The constants are among it now, and the handlers' types are the interface's.
  return implementation as unknown as EventSourceConstructor
}

/**
 * The `EventSource` of the HTML standard (section 9.2), with `headers`, a `fetch` and some more among its options, for any
 * server that sends events.
 */
export const EventSource: EventSourceConstructor = asInterface(StandardEventSource)
export type EventSource = Interface

// [spec] Let urlRecord be the result of encoding-parsing a URL given url, relative to settings.
function resolveUrl(url: string): string {
  const { document, location } = globalThis as {
    readonly document?: { readonly baseURI: string }
    readonly location?: { readonly href: string }
  }
  const base = document?.baseURI ?? location?.href
  // [spec] If urlRecord is failure, then throw a "SyntaxError" DOMException.
  if (!URL.canParse(url, base)) throw new DOMException(`${url} is no URL here`, 'SyntaxError')
  return new URL(url, base).href
}
