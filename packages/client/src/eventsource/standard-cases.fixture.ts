import { type Answer, addressOf, newKey, type Part, type Resource } from './resource.fixture.ts'
import type { SeenRequest } from './resource-server.fixture.ts'

// These run where the source runs: in Node, in a page, in its workers; with our source and with the browser's own. They know
// nothing but the web's own means, and servers that write what they are told to.

const [connecting, open, closed] = [0, 1, 2]

/** What a case finds around it. */
export interface Surroundings {
  readonly EventSource: typeof globalThis.EventSource
  /** The server of the page. */
  readonly origin: string
  /** A server of another origin on the same site. */
  readonly otherOrigin: string
}

/** A behaviour of the standard. */
export interface StandardCase {
  /** The web-platform test that names it, without its ending; several cases may bear the same. */
  readonly file: string
  readonly title: string
  /** Whether it means something in a browser only. */
  readonly browser?: boolean
  /** Why our source does otherwise. */
  readonly exception?: string
  /** What Chromium's own source does otherwise. */
  readonly chromium?: string
  run(lab: Lab): Promise<void>
}

/** An event as it looked when it came. */
export interface Trace {
  readonly type: string
  readonly state: number
  readonly data?: unknown
  readonly lastEventId?: string
  readonly origin?: string
}

/** What a case works with. Its sources are closed when it is over. */
export class Lab {
  readonly EventSource: typeof globalThis.EventSource
  readonly origin: string
  readonly otherOrigin: string
  readonly #sources: EventSource[] = []

  constructor({ EventSource, origin, otherOrigin }: Surroundings) {
    this.EventSource = EventSource
    this.origin = origin
    this.otherOrigin = otherOrigin
  }

  open(url: string | URL, init?: EventSourceInit): EventSource {
    const source = new this.EventSource(url, init)
    this.#sources.push(source)
    return source
  }

  /** Opens a source whose requests get these answers. */
  stream(answers: readonly Answer[], init?: EventSourceInit, origin = this.origin): EventSource {
    return this.open(addressOf(origin, { key: newKey(), answers }), init)
  }

  /** Opens a source whose one answer stays open. */
  body(...body: readonly Part[]): EventSource {
    return this.stream([{ body, end: 'hold' }])
  }

  /** What the server saw of a resource. */
  async requests(origin: string, key: string): Promise<readonly SeenRequest[]> {
    return (await fetch(`${origin}/requests?${key}`)).json()
  }

  close(): void {
    for (const source of this.#sources) source.close()
  }
}

/** The next event of a type. Rejects when the source fails for good instead. */
function next<E extends Event = MessageEvent>(source: EventSource, type = 'message'): Promise<E> {
  return new Promise((resolve, reject) => {
    if (type !== 'error') rejectAtEnd(source, reject)
    source.addEventListener(type, (event) => resolve(event as Event as E), { once: true })
  })
}

function rejectAtEnd(source: EventSource, reject: (error: Error) => void): void {
  source.addEventListener('error', () => {
    if (source.readyState === closed) reject(new Error('It ends in place of going on'))
  })
}

/** Events of any of these types, so many of them, or up to one that is the last. */
export function trace(
  source: EventSource,
  types: readonly string[],
  until: number | ((event: Trace) => boolean),
): Promise<Trace[]> {
  const seen: Trace[] = []
  return new Promise((resolve, reject) => {
    if (!types.includes('error')) rejectAtEnd(source, reject)
    const look = (event: Event): void => {
      const { data, lastEventId, origin } = event as MessageEvent
      const message = event instanceof MessageEvent ? { data, lastEventId, origin } : {}
      const entry = { type: event.type, state: source.readyState, ...message }
      seen.push(entry)
      if (typeof until === 'number' ? seen.length === until : until(entry)) resolve([...seen])
    }
    for (const type of types) source.addEventListener(type, look)
  })
}

async function data(source: EventSource, count: number, type = 'message'): Promise<unknown[]> {
  return (await trace(source, [type], count)).map((event) => event.data)
}

function equal(actual: unknown, expected: unknown): void {
  const [left, right] = [JSON.stringify(actual), JSON.stringify(expected)]
  if (left !== right) throw new Error(`got ${left} in place of ${right}`)
}

function isPlain(event: Event): void {
  equal([Object.hasOwn(event, 'data'), event.bubbles, event.cancelable], [false, false, false])
}

const soon = 'retry: 1\n'
const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds))

function format(name: string, title: string, body: string | readonly Part[], expected: readonly string[]) {
  const parts = typeof body === 'string' ? [body] : body
  return {
    file: `format-${name}`,
    title,
    run: async (lab: Lab) => equal(await data(lab.body(...parts), expected.length), expected),
  }
}

/** The connection fails for good, with a plain event. */
async function fails(source: EventSource): Promise<void> {
  const event = await new Promise<Event>((resolve) => {
    for (const type of ['open', 'message', 'error']) source.addEventListener(type, resolve)
  })
  equal([event.type, source.readyState], ['error', closed])
  isPlain(event)
}

function shares(lab: Lab, init: Readonly<Record<string, string>> = {}) {
  const self = (globalThis as { readonly location?: { readonly origin?: string } }).location
  return { 'access-control-allow-origin': self?.origin ?? lab.origin, ...init }
}

const echo = (header: string): Part => ({ header, otherwise: 'NONE' })

/** Two connections: the first sends this, and the second tells the `Last-Event-ID` that it was asked with. */
async function comesBackWith(lab: Lab, first: string | readonly Part[], expected: string): Promise<void> {
  const body = typeof first === 'string' ? [first] : first
  const source = lab.stream([
    { body: [soon, 'data: first\n\n', ...body] },
    { body: ['event: back\ndata: ', echo('last-event-id'), '\n\n'], end: 'hold' },
  ])
  equal((await next(source, 'back')).data, expected)
}

export const standardCases: readonly StandardCase[] = [
  {
    file: 'event-data',
    title: 'lines make the data, fields that are none make nothing',
    run: async (lab) => {
      const body = 'data:one\ndata:two\n\n:\nnone:one\n\nnone:one\nData:two\n\ndata\n\ndata:end\n\n'
      equal(await data(lab.body(body), 3), ['one\ntwo', '', 'end'])
    },
  },
  {
    file: 'eventsource-close',
    title: 'the states from the first to the last',
    run: async (lab) => {
      const source = lab.body('data: 1\n\n')
      equal(source.readyState, connecting)
      await next(source, 'open')
      equal(source.readyState, open)
      source.close()
      equal(source.readyState, closed)
      source.close()
      equal(source.readyState, closed)
    },
  },
  {
    file: 'eventsource-close',
    title: 'the end of a stream is an error and another connection, a refusal is the end',
    run: async (lab) => {
      const source = lab.stream([
        { body: [soon, 'data: opened\n\n'] },
        { body: ['data: again\n\n'] },
        { status: 204, type: null },
      ])
      const seen = await trace(source, ['message', 'error'], 5)
      equal(
        seen.map(({ type, state, data }) => [type, state, data]),
        [
          ['message', open, 'opened'],
          ['error', connecting, undefined],
          ['message', open, 'again'],
          ['error', connecting, undefined],
          ['error', closed, undefined],
        ],
      )
      equal(await Promise.race([next<Event>(source, 'error'), pause(150)]), undefined)
    },
  },
  {
    file: 'eventsource-close',
    title: 'nothing is fired after close(), in the middle of a chunk neither',
    run: async (lab) => {
      const source = lab.body('data: 1\n\ndata: 2\n\n')
      const seen: unknown[] = []
      source.onmessage = (event) => {
        seen.push(event.data)
        source.close()
      }
      source.onerror = () => seen.push('error')
      await next(source)
      await pause(100)
      equal(seen, ['1'])
    },
  },
  {
    file: 'eventsource-constructor-document-domain',
    title: 'the document’s domain does not matter',
    browser: true,
    run: async (lab) => {
      const { document } = globalThis as { document?: { domain: string } }
      if (document !== undefined) {
        try {
          // biome-ignore lint/correctness/noSelfAssign: the setter has effects
          document.domain = document.domain
        } catch {
          // Newer browsers let it be set no more.
        }
      }
      equal(await data(lab.body('data: 1\n\n'), 1), ['1'])
    },
  },
  {
    file: 'eventsource-constructor-empty-url',
    title: 'an empty address is the own one',
    run: async (lab) => {
      const { document, location } = globalThis as unknown as {
        document?: { baseURI: string }
        location: { href: string }
      }
      equal(lab.open('').url, document?.baseURI ?? location.href)
    },
  },
  ...['ftp://example.invalid/', 'about:blank', 'mailto:nobody@example.invalid', "javascript:alert('no')"].map(
    (url): StandardCase => ({
      file: 'eventsource-constructor-non-same-origin',
      title: `nothing comes from ${url}`,
      run: (lab) => fails(lab.open(url)),
    }),
  ),
  {
    file: 'eventsource-constructor-stringify',
    title: 'whatever is given becomes text',
    run: async (lab) => {
      const ends = (value: unknown) => lab.open(value as string).url.replace(/^.*\//, '')
      equal(ends({ toString: () => 'nowhere/x' }), 'x')
      equal([1, null, undefined].map(ends), ['1', 'null', 'undefined'])
    },
  },
  {
    file: 'eventsource-constructor-url-bogus',
    title: 'what is no URL is a SyntaxError',
    run: async (lab) => {
      let thrown: unknown
      try {
        lab.open('http://example.invalid:port/')
      } catch (error) {
        thrown = error
      }
      equal([thrown instanceof DOMException, (thrown as DOMException).name], [true, 'SyntaxError'])
    },
  },
  {
    file: 'eventsource-constructor-no-new',
    title: 'it takes `new`, and a URL',
    run: async (lab) => {
      for (const make of [
        () => (lab.EventSource as unknown as (url: string) => void)('/'),
        () => new (lab.EventSource as unknown as new () => unknown)(),
      ]) {
        let thrown: unknown
        try {
          make()
        } catch (error) {
          thrown = error
        }
        equal(thrown instanceof TypeError, true)
      }
    },
  },
  {
    file: 'eventsource-cross-origin',
    title: 'a stream of another origin',
    run: async (lab) => {
      const headers = shares(lab, { 'access-control-allow-credentials': 'true' })
      const answer = { headers, body: ['data: 1\n\n'], end: 'hold' } as const
      const event = await next(lab.stream([answer], { withCredentials: true }, lab.otherOrigin))
      equal([event.data, event.origin], ['1', lab.otherOrigin])
    },
  },
  {
    file: 'eventsource-cross-origin',
    title: 'a redirect within another origin',
    run: async (lab) => {
      const headers = shares(lab, { 'access-control-allow-credentials': 'true' })
      const target = { key: newKey(), answers: [{ headers, body: ['data: 1\n\n'], end: 'hold' }] } as const
      const location = addressOf(lab.otherOrigin, target)
      const redirect = { status: 302, type: null, headers: { ...headers, location } }
      const event = await next(lab.stream([redirect], { withCredentials: true }, lab.otherOrigin))
      equal([event.data, event.origin], ['1', lab.otherOrigin])
    },
  },
  {
    file: 'eventsource-cross-origin',
    title: 'a second connection to another origin',
    run: async (lab) => {
      const headers = shares(lab)
      const answers: Answer[] = [
        { headers, body: [soon] },
        { headers, body: ['data: 1\n\n'], end: 'hold' },
      ]
      equal(await data(lab.stream(answers, {}, lab.otherOrigin), 1), ['1'])
    },
  },
  ...[
    { 'access-control-allow-origin': 'http://example.invalid' },
    { 'access-control-allow-origin': '' },
    {},
  ].map(
    (headers): StandardCase => ({
      file: 'eventsource-cross-origin',
      title: `refused: ${JSON.stringify(headers)}`,
      browser: true,
      exception:
        'a page cannot tell a refusal of its browser from a network that fails, so it is tried again',
      run: (lab) => fails(lab.stream([{ headers, body: ['data: 1\n\n'] }], {}, lab.otherOrigin)),
    }),
  ),
  {
    file: 'eventsource-cross-origin-redirect-origin',
    title: 'the origin of an event is that of the last address',
    run: async (lab) => {
      const target: Resource = {
        key: newKey(),
        answers: [{ headers: { 'access-control-allow-origin': '*' }, body: ['data: 1\n\n'], end: 'hold' }],
      }
      const location = addressOf(lab.otherOrigin, target)
      const source = lab.stream([{ status: 302, type: null, headers: { location } }])
      const { url } = source
      equal((await next(source)).origin, lab.otherOrigin)
      equal(source.url, url)
    },
  },
  ...(
    [
      ['without a preflight for a short and safe id', 'safe', 'GET GET'],
      ['with a preflight for a long id', 'x'.repeat(300), 'GET OPTIONS GET'],
      ['with a preflight for an unsafe id', '(unsafe)', 'GET OPTIONS GET'],
    ] as const
  ).map(
    ([title, id, methods]): StandardCase => ({
      file: 'eventsource-cross-origin-preflight',
      title,
      browser: true,
      ...(id === 'safe'
        ? { exception: 'only the browser itself may send the header without asking first' }
        : { chromium: 'it never asks first' }),
      run: async (lab) => {
        const headers = shares(lab)
        const preflight = { ...headers, 'access-control-allow-headers': 'last-event-id' }
        const key = newKey()
        const body = ['event: back\ndata: ', echo('last-event-id'), '\n\n']
        const answers: Answer[] = [
          { headers, body: [`${soon}id: ${id}\ndata: 1\n\n`] },
          { headers, body, end: 'hold' },
        ]
        const source = lab.open(addressOf(lab.otherOrigin, { key, answers, preflight }))
        equal((await next(source, 'back')).data, id)
        equal((await lab.requests(lab.otherOrigin, key)).map(({ method }) => method).join(' '), methods)
      },
    }),
  ),
  {
    file: 'eventsource-eventtarget',
    title: 'a listener is called with the source as `this`',
    run: async (lab) => {
      const source = lab.body('data: 1\n\n')
      const self = await new Promise((resolve) => {
        source.addEventListener(
          'message',
          function () {
            resolve(this)
          },
          false,
        )
      })
      equal(self === source, true)
    },
  },
  {
    file: 'eventsource-onmessage',
    title: 'a handler gets the event, and can be taken away',
    run: async (lab) => {
      const source = lab.body('data: 1\n\ndata: 2\n\ndata: 3\n\n')
      const seen: unknown[] = []
      const third = trace(source, ['message'], 3)
      source.onmessage = function (event) {
        seen.push([event.data, event instanceof MessageEvent, this === source, event.target === source])
        source.onmessage = (another) => {
          seen.push(another.data)
          source.onmessage = null
        }
      }
      await third
      equal([seen, source.onmessage], [[['1', true, true, true], '2'], null])
    },
  },
  {
    file: 'eventsource-onmessage-trusted',
    title: 'events are trusted',
    exception: 'only the browser itself can make such events',
    run: async (lab) => equal((await next(lab.body('data: 1\n\n'))).isTrusted, true),
  },
  {
    file: 'eventsource-onopen',
    title: 'a plain event says that it is open',
    run: async (lab) => {
      const source = lab.body()
      const event = await new Promise<Event>((resolve) => {
        source.onopen = resolve
      })
      isPlain(event)
      equal([source.readyState, event.target === source], [open, true])
    },
  },
  {
    file: 'eventsource-prototype',
    title: 'what the prototype is given, the sources have',
    run: async (lab) => {
      const prototype = lab.EventSource.prototype as EventSource & { given?: () => boolean }
      prototype.given = () => true
      equal((lab.open('/') as typeof prototype).given?.(), true)
      delete prototype.given
    },
  },
  {
    file: 'eventsource-readyState',
    title: 'it is connecting, open when it says so, and closed once it was closed',
    run: async (lab) => {
      const source = lab.body()
      const states = [source.readyState]
      await new Promise((resolve) => {
        source.onopen = resolve
      })
      states.push(source.readyState)
      source.close()
      equal([...states, source.readyState], [connecting, open, closed])
    },
  },
  {
    file: 'eventsource-reconnect',
    title: 'it connects again where nothing came',
    run: async (lab) =>
      equal(await data(lab.stream([{ body: [soon] }, { body: ['data: 1\n\n'], end: 'hold' }]), 1), ['1']),
  },
  {
    file: 'eventsource-reconnect',
    title: 'it tells that it does, and is open again after that',
    run: async (lab) => {
      const source = lab.stream([
        { body: [soon, 'id: 2\ndata: 1\n\n'] },
        { body: ['data: ', echo('last-event-id'), '\n\n'], end: 'hold' },
      ])
      const seen = await trace(source, ['open', 'message', 'error'], 5)
      equal(
        seen.map(({ type, state, data, lastEventId }) => [type, state, data, lastEventId]),
        [
          ['open', open],
          ['message', open, '1', '2'],
          ['error', connecting],
          ['open', open],
          ['message', open, '2', '2'],
        ].map((entry) => [...entry, undefined, undefined].slice(0, 4)),
      )
    },
  },
  {
    file: 'eventsource-reconnect',
    title: 'it connects again after a cut',
    run: async (lab) => {
      const cut = { body: [soon, 'data: 1\n\n', { pause: 50 }], end: 'cut' } as const
      equal(await data(lab.stream([cut, { body: ['data: 2\n\n'], end: 'hold' }]), 2), ['1', '2'])
    },
  },
  {
    file: 'eventsource-url',
    title: 'the address is absolute',
    run: async (lab) => equal(lab.open(`${lab.origin}/a/../b?c#d`).url, `${lab.origin}/b?c#d`),
  },
  {
    file: 'interfaces',
    title: 'it has the shape that WebIDL gives it',
    run: async (lab) => {
      const { EventSource } = lab
      const { prototype } = EventSource
      const names = ['url', 'withCredentials', 'readyState', 'onopen', 'onmessage', 'onerror', 'close']
      const descriptors = names.map((name) => Object.getOwnPropertyDescriptor(prototype, name))
      equal(
        descriptors.map((found) => [found?.enumerable, found?.configurable, typeof found?.set]),
        names.map((name) => [true, true, name.startsWith('on') ? 'function' : 'undefined']),
      )
      for (const target of [EventSource, prototype]) {
        for (const [index, name] of ['CONNECTING', 'OPEN', 'CLOSED'].entries()) {
          equal(Object.getOwnPropertyDescriptor(target, name), {
            value: index,
            writable: false,
            enumerable: true,
            configurable: false,
          })
        }
      }
      equal([EventSource.length, EventSource.name, prototype.close.length], [1, 'EventSource', 0])
      equal(Object.getPrototypeOf(prototype) === EventTarget.prototype, true)
      const source = lab.open('/')
      equal(`${source}`, '[object EventSource]')
      equal(
        [source.onopen, source.onmessage, source.onerror, source.withCredentials],
        [null, null, null, false],
      )
      equal(lab.open('/', { withCredentials: true }).withCredentials, true)
      equal(lab.open('/', null as unknown as EventSourceInit).withCredentials, false)
      source.onopen = 7 as unknown as null
      equal(source.onopen, null)
      const object = {} as unknown as () => void
      source.onopen = object
      equal(source.onopen === object, true)
      let thrown: unknown
      try {
        Reflect.get(prototype, 'url', {})
      } catch (error) {
        thrown = error
      }
      equal(thrown instanceof TypeError, true)
    },
  },
  format('bom', 'one byte order mark is taken away', '\ufeffdata:1\n\n\ufeffdata:2\n\ndata:3\n\n', [
    '1',
    '3',
  ]),
  format('bom-2', 'of two one', '\ufeff\ufeffdata:1\n\ndata:2\n\ndata:3\n\n', ['2', '3']),
  format(
    'bom',
    'it may come byte by byte',
    [0xef, 0xbb, 0xbf].flatMap((byte): Part[] => [{ bytes: [byte] }, { pause: 20 }]).concat('data:1\n\n'),
    ['1'],
  ),
  {
    file: 'format-bom',
    title: 'each connection has its own',
    run: async (lab) => {
      const [first, second] = ['1', '2'].map((text) => `\ufeff${soon}data:${text}\n\n`)
      equal(await data(lab.stream([{ body: [first ?? ''] }, { body: [second ?? ''], end: 'hold' }]), 2), [
        '1',
        '2',
      ])
    },
  },
  format(
    'comments',
    'comments are skipped, whatever is in them and however long they are',
    `data:1\r:\0\n:\r\ndata:2\n:${'x'.repeat(2 * 1024)}\rdata:3\n:data:no\r:${'y'.repeat(2 * 1024)}\ndata:4\n\n`,
    ['1\n2\n3\n4'],
  ),
  {
    file: 'format-data-before-final-empty-line',
    title: 'what the end cuts off is thrown away, its id as well',
    run: async (lab) => {
      const source = lab.stream([
        { body: [`${soon}id: 1\ndata: whole\n\nid: 2\ndata: cut off\n`] },
        { body: ['data: ', echo('last-event-id'), '\n\n'], end: 'hold' },
      ])
      equal(await data(source, 2), ['whole', '1'])
    },
  },
  format('field-data', 'an empty line of data is one', 'data:\n\ndata\ndata\n\ndata:1\n\n', ['', '\n', '1']),
  format('field-event-empty', 'an empty name is none', 'event: \ndata:1\n\nevent:x\nevent\ndata:2\n\n', [
    '1',
    '2',
  ]),
  {
    file: 'format-field-event',
    title: 'an event goes to the listeners of its name, and the name is for one block',
    run: async (lab) => {
      const source = lab.body('event:test\ndata:1\n\nevent:dropped\n\ndata:2\n\n')
      const seen = await trace(source, ['test', 'dropped', 'message'], 2)
      equal(
        seen.map(({ type, data }) => [type, data]),
        [
          ['test', '1'],
          ['message', '2'],
        ],
      )
    },
  },
  {
    file: 'format-field-event',
    title: 'a server may name an event as the source names its own',
    run: async (lab) => {
      const source = lab.body('event:error\ndata:1\n\nevent:open\ndata:2\n\n')
      const seen = await trace(source, ['open', 'error'], 3)
      equal(
        seen.map(({ type, state, data }) => [type, state, data]),
        [
          ['open', open, undefined],
          ['error', open, '1'],
          ['open', open, '2'],
        ],
      )
    },
  },
  {
    file: 'format-field-id',
    title: 'it comes back with the id that came last, again and again',
    run: async (lab) => {
      const again = { body: ['data: ', echo('last-event-id'), '\n\n'] }
      const source = lab.stream([{ body: [`${soon}id: 1\ndata: hello\n\n`] }, again, again])
      const seen = await trace(source, ['message'], 3)
      equal(
        seen.map(({ data, lastEventId }) => [data, lastEventId]),
        [
          ['hello', '1'],
          ['1', '1'],
          ['1', '1'],
        ],
      )
    },
  },
  {
    file: 'format-field-id-2',
    title: 'an id is UTF-8, there and back',
    run: async (lab) => {
      const again = { body: ['data: ', echo('last-event-id'), '\n\n'] }
      const source = lab.stream([{ body: [`${soon}id: …é😀\ndata: hello\n\n`] }, again, again])
      const seen = await trace(source, ['message'], 3)
      equal(
        seen.map(({ data, lastEventId }) => [data, lastEventId]),
        [
          ['hello', '…é😀'],
          ['…é😀', '…é😀'],
          ['…é😀', '…é😀'],
        ],
      )
    },
  },
  ...(
    [
      ['an id stays until there is another', 'id: 2\n', ['1', '1', '2', '2']],
      ['an empty id takes it away', 'id:\n', ['1', '1', '', '']],
      ['as does one without a colon', 'id\n', ['1', '1', '', '']],
    ] as const
  ).map(
    ([title, third, ids]): StandardCase => ({
      file: 'format-field-id-3',
      title,
      run: async (lab) => {
        const source = lab.body(`id: 1\ndata: 1\n\ndata: 2\n\n${third}data: 3\n\ndata: 4\n\n`)
        const seen = await trace(source, ['message'], 4)
        equal(
          seen.map(({ lastEventId }) => lastEventId),
          ids,
        )
      },
    }),
  ),
  {
    file: 'format-field-id-3',
    title: 'without an id there is no header',
    run: (lab) => comesBackWith(lab, 'id: 1\ndata\n\nid\ndata\n\n', 'NONE'),
  },
  {
    file: 'format-field-id-3',
    title: 'a block without data moves the id',
    run: (lab) => comesBackWith(lab, 'id: 1\ndata\n\nid: 2\n\n', '2'),
  },
  ...['\0\0', 'x\0', '\0x', 'x\0x', ' \0'].map(
    (id): StandardCase => ({
      file: 'format-field-id-null',
      title: `${JSON.stringify(id)} is no id`,
      run: async (lab) => {
        const hello = `${soon}id: ${id}\ndata: hello\n\n`
        const seen = await trace(lab.stream([{ body: [hello] }, { body: [hello] }]), ['message'], 2)
        equal(
          seen.map(({ data, lastEventId }) => [data, lastEventId]),
          [
            ['hello', ''],
            ['hello', ''],
          ],
        )
      },
    }),
  ),
  format(
    'field-parsing',
    'names are taken literally',
    'data:\0\ndata:  2\rData:1\ndata\0:2\ndata:1\r\0data:4\nda-ta:3\rdata_5\ndata:3\rdata:\r\n data:32\ndata:4\n\n',
    ['\0\n 2\n1\n3\n\n4'],
  ),
  ...(
    [
      ['format-field-retry', 'it is decimal, whatever it begins with', 'retry:01000\n'],
      ['format-field-retry-bogus', 'what is no number is ignored', 'retry:1000\nretry:1x\n'],
      [
        'format-field-retry-bogus',
        'nor is a sign or a point one',
        'retry:1000\nretry:-1\nretry:0.1\nretry:1e0\n',
      ],
    ] as const
  ).map(
    ([file, title, retry]): StandardCase => ({
      file,
      title,
      run: async (lab) => {
        const source = lab.stream([{ body: [retry, 'data:1\n\n'] }, { end: 'hold' }])
        await next(source, 'error')
        const from = Date.now()
        await next(source, 'open')
        const waited = Date.now() - from
        // In octal it would be 512. The clock may be a millisecond off; how late a machine under load is says nothing.
        if (waited < 980 || waited > 5_000) throw new Error(`It waited for ${waited} ms in place of 1000`)
      },
    }),
  ),
  format('field-retry-empty', 'an empty one is ignored', 'retry\ndata:1\nretry:\ndata:2\n\n', ['1\n2']),
  format(
    'field-unknown',
    'unknown fields are ignored',
    'data:1\n data:1\ndata\nfoobar:xxx\njustname\n:x\ndata:2\n\n',
    ['1\n\n2'],
  ),
  format('leading-space', 'of all spaces the first one goes', 'data:\t1\rdata: \ndata:  2\ndata:3 \n\n', [
    '\t1\n\n 2\n3 ',
  ]),
  ...(
    [
      ['format-mime-bogus', 'x bogus'],
      ['format-mime-bogus', 'event-stream'],
      ['format-mime-bogus', null],
      ['format-mime-valid-bogus', 'text/x-bogus'],
      ['format-mime-valid-bogus', 'text/event-streams'],
    ] as const
  ).map(
    ([file, type]): StandardCase => ({
      file,
      title: `${type} is no stream`,
      run: (lab) => fails(lab.stream([{ type, body: ['data: 1\n\n'] }])),
    }),
  ),
  ...['text/event-stream;', 'text/event-stream; charset=windows-1252', 'Text/Event-Stream ; x="y"'].map(
    (type): StandardCase => ({
      file: 'format-mime-trailing-semicolon',
      title: `${type} is one`,
      ...(type.includes('1252') && { chromium: 'it refuses other charsets' }),
      run: async (lab) => {
        await next(lab.stream([{ type, end: 'hold' }]), 'open')
      },
    }),
  ),
  format('newlines', 'lines end in three ways', 'data:1\r\ndata\ndata:2\r\n\rdata:3\r\rdata:4\r\n\r\n', [
    '1\n\n2',
    '3',
    '4',
  ]),
  format(
    'newlines',
    'a pair may be torn apart',
    ['data:1\r', { pause: 50 }, '\ndata:2\r\n\r', { pause: 50 }, '\n'],
    ['1\n2'],
  ),
  format('null-character', 'it is a character like others', 'data:\0\n\n\n', ['\0']),
  {
    file: 'format-utf-8',
    title: 'a stream is UTF-8, whatever is said of it',
    chromium: 'it refuses other charsets',
    run: async (lab) => {
      const type = 'text/event-stream;charset=windows-1252'
      equal(await data(lab.stream([{ type, body: ['data:ok…\n\n'], end: 'hold' }]), 1), ['ok…'])
    },
  },
  format(
    'utf-8',
    'what is none, is replaced',
    ['data:', { bytes: [0xff, 0xe2, 0x82] }, '\n\n'],
    ['\ufffd\ufffd'],
  ),
  {
    file: 'request-accept',
    title: 'the request says what it accepts',
    run: async (lab) =>
      equal(await data(lab.body('data: ', echo('accept'), '\n\n'), 1), ['text/event-stream']),
  },
  {
    file: 'request-cache-control',
    title: 'no cache answers',
    run: async (lab) => {
      for (const origin of [lab.origin, lab.otherOrigin]) {
        const body = ['data: ', echo('cache-control'), '\n\n']
        const headers = { ...shares(lab), 'cache-control': 'max-age=600' }
        const url = addressOf(origin, { key: newKey(), answers: [{ headers, body, end: 'hold' }] })
        for (let time = 0; time < 2; time++) {
          const source = lab.open(url)
          equal(await data(source, 1), ['no-cache'])
          source.close()
        }
      }
    },
  },
  ...(
    [
      [{ withCredentials: true }, true],
      [{ withCredentials: false }, false],
      [{}, false],
    ] as const
  ).map(
    ([init, sent]): StandardCase => ({
      file: 'request-credentials',
      title: `cookies to another origin: ${JSON.stringify(init)}`,
      browser: true,
      run: async (lab) => {
        const cookie = newKey()
        const headers = shares(lab, {
          'access-control-allow-credentials': 'true',
          'set-cookie': `${cookie}=1`,
        })
        const body = [soon, 'data: ', echo('cookie'), '\n\n']
        const source = lab.stream([{ headers, body }], init, lab.otherOrigin)
        const [first, second] = await data(source, 2)
        const told = [first, second].map((text) => String(text).includes(`${cookie}=1`))
        equal(told, [false, sent])
      },
    }),
  ),
  ...[301, 302, 303, 307, 308].map(
    (status): StandardCase => ({
      file: 'request-redirect',
      title: `a redirect by ${status} is followed, and the next connection begins at the first address`,
      run: async (lab) => {
        const target = { key: newKey(), answers: [{ body: [soon, 'id: 1\ndata: 1\n\n'] }] }
        const headers = { location: addressOf('', target) }
        const key = newKey()
        const answers: Answer[] = [
          { status, type: null, headers },
          { body: ['data: ', echo('last-event-id'), '\n\n'], end: 'hold' },
        ]
        equal(await data(lab.open(addressOf(lab.origin, { key, answers })), 2), ['1', '1'])
      },
    }),
  ),
  ...[204, 205, 210, 299, 404, 410, 503].map(
    (status): StandardCase => ({
      file: 'request-status-error',
      title: `${status} is the end`,
      run: (lab) => fails(lab.stream([{ status, body: status < 206 ? [] : ['data: 1\n\n'] }])),
    }),
  ),
  // The standard says the following as well, and no web-platform test holds it.
  {
    file: '',
    title: 'a handler keeps its place among the listeners until it is taken away',
    run: async (lab) => {
      const source = lab.body('data:1\n\ndata:2\n\n')
      const seen: string[] = []
      source.onmessage = () => seen.push('before')
      source.addEventListener('message', () => seen.push('listener'))
      source.onmessage = () => seen.push('handler')
      await next(source)
      source.onmessage = null
      source.onmessage = () => seen.push('again')
      await next(source)
      await pause(0)
      equal(seen, ['handler', 'listener', 'listener', 'again'])
    },
  },
  {
    file: '',
    title: 'each event has a task of its own, so that who waits for one is there for the next',
    run: async (lab) => {
      const source = lab.body('event:a\ndata:1\n\nevent:b\ndata:2\n\nevent:c\ndata:3\n\n')
      const wait = async (type: string) => {
        const event = await next(source, type)
        return await Promise.resolve(event.data)
      }
      equal([await wait('a'), await wait('b'), await wait('c')], ['1', '2', '3'])
    },
  },
  {
    file: '',
    title: 'a new connection does not lose the id to a block without one',
    run: async (lab) => {
      const source = lab.stream([
        { body: [`${soon}id: 1\ndata: 1\n\n`] },
        { body: ['retry: 1\n\n:\n\n'] },
        { body: ['data: ', echo('last-event-id'), '\n\n'], end: 'hold' },
      ])
      equal(await data(source, 2), ['1', '1'])
    },
  },
  {
    file: '',
    title: 'a whole event is told at once, whatever has come of the next one',
    run: async (lab) => equal(await data(lab.body('data: 1\r\rdata: 2'), 1), ['1']),
  },
]

/** Runs a case to its end. */
export async function runCase(standardCase: StandardCase, surroundings: Surroundings): Promise<void> {
  const lab = new Lab(surroundings)
  try {
    await standardCase.run(lab)
  } finally {
    lab.close()
  }
}
