import {
  type Position,
  parseStreamRequest,
  parseStreamRequestBody,
  type StreamRequest,
} from '@millrace/protocol'
import { Opening } from './opening.ts'
import { Pipe } from './pipe.ts'
import { Random } from './random.ts'
import type { CutKind, Fate, Moment } from './scenario.ts'
import type { VirtualTime } from './virtual-time.ts'
import type { Witness } from './witness.ts'

/** What a link needs of the world around it. */
export interface Surroundings {
  readonly time: VirtualTime
  /** Wall time of the client, in milliseconds since 1970. */
  readonly wall: () => number
  /** The handler of the server that is up. */
  readonly server: () => ((request: Request) => Promise<Response>) | undefined
  /** Whether an address may not be read now. */
  readonly denies: (address: string) => boolean
  /** Where a topic that is asked for from `earliest` begins now, in each shard. */
  readonly oldest: () => readonly Position[]
  readonly isOffline: () => boolean
  readonly happened: (moment: Moment, what: () => string) => void
  /** It is known what it asks for. */
  readonly requested: (link: Link) => void
  /** Whether a proxy holds the answer back until it is complete. */
  readonly holds: boolean
  /** Its first frame has reached the client, and the client reads on. */
  readonly adopted: (link: Link) => void
  readonly answered: (link: Link, status: number) => void
}

/** One request of the client and its answer, with a network in between that does to it whatever its fate is. */
export class Link {
  readonly number: number
  readonly request: Request
  readonly fate: Fate
  /** The subscriptions for which it was asked. */
  readonly plan: readonly Witness[]
  readonly opening = new Opening()
  asked: StreamRequest | undefined
  /** The addresses that may not have been readable when it reached the server. */
  readonly denied = new Set<string>()
  /** The places of those that begin at `earliest`, where they are known. */
  earliest: readonly Position[] = []
  status = 200
  adopted = false
  /** Whether the client has let go of it. */
  left = false
  readonly #pipe: Pipe
  readonly #wire: (() => void)[] = []
  #sees = true
  #body = ''
  // Whether it is a refusal, of which the client reads what it says.
  #isRead = false
  readonly #world: Surroundings
  readonly #serverSide = new AbortController()

  constructor(number: number, request: Request, fate: Fate, plan: readonly Witness[], world: Surroundings) {
    this.number = number
    this.request = request
    this.fate = fate
    this.plan = plan
    this.#world = world
    this.#pipe = new Pipe('chunks' in fate ? fate : { chunks: 'whole' }, new Random(number), {
      pulled: () => {
        world.happened('pull', () => '')
        if (this.opening.now !== undefined && !this.adopted) this.adopt()
      },
      brings: (piece) => {
        this.opening.push(piece)
        world.happened('chunk', () => `stream ${number} brings ${show(piece)}`)
      },
      ended: (how) => world.happened('chunk', () => `stream ${number} is over (${how})`),
      wasCut: (how) => {
        if (how !== 'stall') this.#farewell()
        world.happened('chunk', () => `stream ${number} is cut: ${how}`)
      },
      cancelled: () => {
        this.left = true
        this.#farewell()
      },
    })
  }

  /** Whether the client has nothing more of it. */
  get over(): boolean {
    return this.#pipe.over
  }

  /** Whether it is one of those that must not be too many. */
  get live(): boolean {
    return !this.over && !this.left
  }

  /** Whether what the client was given has been let go or read to the end. */
  get leaks(): boolean {
    if (this.over) return false
    // What it says in a refusal is read in one go, which only a `fetch` that obeys its signal ends.
    const isDeaf = 'deaf' in this.fate && this.fate.deaf && !this.#isRead
    return !this.left || (isDeaf && this.#pipe.isOpen)
  }

  /** From where it asks for an address, once or several times; as text. */
  startsOf(wanted: string): readonly (string | undefined)[] {
    const { topics = [], lastEventId } = this.asked ?? {}
    return topics.filter(({ address }) => address === wanted).map(({ from }) => from ?? lastEventId)
  }

  /** Whether it was asked for a subscription that was to begin there and then. */
  asksFromNow(witness: Witness): boolean {
    const { address } = witness.taking
    const topics = this.asked?.topics ?? []
    return (
      this.plan.includes(witness) && topics.some((topic) => topic.address === address && topic.from === 'now')
    )
  }

  async run(): Promise<Response> {
    const { request } = this
    if (request.method === 'POST') this.#body = await request.text()
    this.asked =
      request.method === 'POST'
        ? parseStreamRequestBody(this.#body)
        : parseStreamRequest(new URL(request.url).searchParams)
    this.#world.happened('fetch', () => `request ${this.number}: ${this.describe()}`)
    this.#world.requested(this)
    return new Promise((resolve, reject) => {
      const { signal } = request
      signal.addEventListener('abort', () => this.#leave(reject), { once: true })
      if (signal.aborted) this.#leave(reject)
      else this.#meetFate(resolve, reject)
    })
  }

  /** The network cuts it. */
  cut(how: CutKind): void {
    this.#pipe.cut(how)
  }

  /** The client has taken it for its own. */
  adopt(): void {
    this.adopted = true
    this.#world.adopted(this)
  }

  describe(): string {
    const { topics = [], lastEventId } = this.asked ?? {}
    const list = topics.map(
      ({ address, from, events }) =>
        `${address}${from ? ` from ${from}` : ''}${events ? ` (${events})` : ''}`,
    )
    return `${list.join(', ')}${lastEventId ? `, after ${lastEventId}` : ''}; ${describeFate(this.fate)}`
  }

  #leave(reject: (reason: unknown) => void): void {
    const { fate, request } = this
    if (this.left) return
    this.left = true
    this.#world.happened('answer', () => `request ${this.number} is let go`)
    if ('deaf' in fate && fate.deaf) return
    this.#pipe.fail(request.signal.reason)
    this.#farewell()
    reject(request.signal.reason)
  }

  #meetFate(resolve: (response: Response) => void, reject: (reason: unknown) => void): void {
    const { fate } = this
    const fail = (what: string, after: number) => {
      this.#later(after, () => {
        if (this.over) return
        this.#pipe.over = true
        this.#world.happened('answer', () => `request ${this.number} fails: ${what}`)
        reject(new TypeError(what))
      })
    }
    if (this.#world.isOffline()) fail('offline', 1)
    else if (fate.kind === 'fail') fail('no route', fate.latency)
    else if (fate.kind === 'answer') {
      this.#later(fate.latency, () => this.over || resolve(this.#answer(fate)))
    } else if (fate.kind === 'serve') this.#reach(fate.latency, resolve, fail)
  }

  #reach(
    latency: number,
    resolve: (response: Response) => void,
    fail: (what: string, after: number) => void,
  ): void {
    this.#atServer(latency, () => {
      const fetch = this.#world.server()
      if (fetch === undefined || this.#world.isOffline()) {
        fail('connection refused', latency)
        return
      }
      const before = this.#world.oldest()
      this.#noteDenied()
      void fetch(this.#copy()).then((response) => {
        const after = this.#world.oldest()
        this.earliest = before.filter(
          ({ epoch, offset }, shard) => after[shard]?.epoch === epoch && after[shard].offset === offset,
        )
        this.#noteDenied()
        const passed = this.#world.holds ? this.#held(response) : Promise.resolve(response)
        void passed.then((response) =>
          this.#later(latency, () => {
            if (this.over) void response.body?.cancel().catch(() => {})
            else resolve(this.#passOn(response))
          }),
        )
      })
    })
  }

  /** The same answer, once it is complete. */
  async #held(response: Response): Promise<Response> {
    const { status, headers, body } = response
    const reader = body?.getReader()
    const pieces: Uint8Array<ArrayBuffer>[] = []
    this.#serverSide.signal.addEventListener('abort', () => void reader?.cancel().catch(() => {}), {
      once: true,
    })
    for (;;) {
      // One that was cut is let through as far as it came.
      const piece = await reader?.read().catch(() => undefined)
      if (piece?.value === undefined) return new Response(body && new Blob(pieces), { status, headers })
      pieces.push(piece.value as Uint8Array<ArrayBuffer>)
    }
  }

  #noteDenied(): void {
    for (const { address } of this.asked?.topics ?? [])
      if (this.#world.denies(address)) this.denied.add(address)
  }

  /** What comes from something in between, and not from the server. */
  #answer({ status, retryAfter, type }: Extract<Fate, { kind: 'answer' }>): Response {
    const headers = new Headers(type === '' ? {} : { 'content-type': type })
    if (retryAfter !== undefined) {
      const { seconds, date } = retryAfter
      const at = new Date(this.#world.wall() + seconds * 1_000)
      headers.set('retry-after', date ? at.toUTCString() : String(seconds))
    }
    this.status = status
    this.#world.answered(this, status)
    this.#world.happened('answer', () => `request ${this.number} is answered ${status}`)
    if (status === 204) this.#pipe.over = true
    const body = status === 204 ? null : this.#pipe.open()
    const isProblem = type === 'application/problem+json'
    const says = isProblem
      ? { type: 'about:blank', status, title: 'Oops', detail: 'Nobody knows' }
      : '<h1>Oops</h1>'
    this.#isRead = isProblem
    if (body !== null) this.#pipe.arrive(new TextEncoder().encode(JSON.stringify(says)))
    this.#pipe.end('end')
    return new Response(body, { status, headers })
  }

  /** What the server answers. */
  #passOn(response: Response): Response {
    const { status, headers } = response
    this.status = status
    this.#pipe.isMeasured = status !== 200
    this.#isRead = status !== 200
    this.#world.answered(this, status)
    this.#world.happened('answer', () => `request ${this.number} is answered ${status}`)
    const body = response.body === null ? null : this.#pipe.open()
    if (body === null) this.#pipe.over = true
    if (response.body !== null) void this.#pump(response.body)
    return new Response(body, { status, headers })
  }

  async #pump(body: ReadableStream<Uint8Array>): Promise<void> {
    const reader = body.getReader()
    const { latency, narrow: isNarrow } = this.fate as Extract<Fate, { kind: 'serve' }>
    this.#serverSide.signal.addEventListener('abort', () => void reader.cancel().catch(() => {}), {
      once: true,
    })
    try {
      for (;;) {
        const { value, done } = await reader.read()
        if (done) break
        if (!isNarrow) this.#send(latency, () => this.#pipe.arrive(value))
        else {
          await new Promise<void>((taken) => {
            this.#send(latency, () => this.#pipe.arrive(value, taken))
          })
        }
      }
      this.#send(latency, () => this.#pipe.end('end'))
    } catch {
      this.#send(latency, () => this.#pipe.end('error'))
    }
  }

  // What the server sees is not the client's own request: it learns late, or never, that the client has left.
  #copy(): Request {
    const { method, headers } = this.request
    const url = new URL(this.request.url)
    const isPoll = this.fate.kind === 'serve' && this.fate.poll
    if (isPoll) url.searchParams.set('mode', 'poll')
    const { signal } = this.#serverSide
    if (method !== 'POST') return new Request(url, { headers, signal })
    const wanted = JSON.parse(this.#body)
    const body = JSON.stringify(isPoll ? { ...wanted, mode: 'poll' } : wanted)
    return new Request(url, { method, headers, signal, body })
  }

  // What was sent first arrives first, also at a computer that wakes up.
  #send(latency: number, arrive: () => void): void {
    this.#wire.push(arrive)
    this.#later(latency, () => this.#wire.shift()?.())
  }

  #later(milliseconds: number, task: () => unknown): void {
    this.#world.time.after(milliseconds, 'client', task)
  }

  #atServer(milliseconds: number, task: () => unknown): void {
    this.#world.time.after(milliseconds, 'server', task)
  }

  #farewell(): void {
    if (!this.#sees) return
    this.#sees = false
    const farewell = this.fate.kind === 'serve' ? this.fate.farewell : 0
    this.#atServer(farewell, () => this.#serverSide.abort())
  }
}

function describeFate(fate: Fate): string {
  if (fate.kind !== 'serve') return JSON.stringify(fate)
  const { latency, chunks, cut, deaf, poll, narrow } = fate
  return `${latency} ms, ${poll ? 'poll, ' : ''}${narrow ? 'narrow, ' : ''}${chunks}${cut ? `, ${cut.how} after ${cut.after} bytes` : ''}${deaf ? ', deaf' : ''}`
}

function show(piece: Uint8Array): string {
  const text = JSON.stringify(new TextDecoder().decode(piece))
  return text.length > 2_000 ? `${text.slice(0, 200)}… (${piece.byteLength} bytes)` : text
}
