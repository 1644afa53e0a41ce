import type { Position } from '@millrace/protocol'
import { parseStreamRequest, parseStreamRequestBody, type StreamRequest } from '@millrace/protocol'
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
  /** Where a topic that is asked for from `earliest` begins now. */
  readonly oldest: () => Position
  readonly isOffline: () => boolean
  readonly happened: (moment: Moment, what: () => string) => void
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
  asked: StreamRequest | undefined
  /** The place of the topics that begin at `now`, from the first frame; once the client has it. */
  now: string | undefined
  /** The place of those that begin at `earliest`, where it is known. */
  earliest: Position | undefined
  /** Whether it begins with resets. */
  isReset = false
  status = 200
  adopted = false
  /** Whether the client has nothing more of it. */
  over = false
  /** Whether the client has let go of it. */
  left = false
  #body: ReadableStreamDefaultController<Uint8Array> | undefined
  #wanted: (() => void) | undefined
  readonly #inbox: Uint8Array[] = []
  readonly #wire: (() => void)[] = []
  #ended: 'error' | 'end' | undefined
  #stalled = false
  #delivered = 0
  #opening = ''
  #sees: boolean
  readonly #random: Random
  readonly #world: Surroundings
  readonly #serverSide = new AbortController()

  constructor(number: number, request: Request, fate: Fate, plan: readonly Witness[], world: Surroundings) {
    this.number = number
    this.request = request
    this.fate = fate
    this.plan = plan
    this.#world = world
    this.#random = new Random(number)
    this.#sees = true
  }

  /** Whether it is one of those that must not be too many. */
  get live(): boolean {
    return !this.over && !this.left
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
    const { fate, request } = this
    const { signal } = request
    this.asked =
      request.method === 'POST'
        ? parseStreamRequestBody(await request.clone().text())
        : parseStreamRequest(new URL(request.url).searchParams)
    this.#world.happened('fetch', () => `request ${this.number}: ${this.describe()}`)
    return new Promise((resolve, reject) => {
      const fail = (what: string) => {
        this.over = true
        this.#world.happened('answer', () => `request ${this.number} fails: ${what}`)
        reject(new TypeError(what))
      }
      const leave = () => {
        if (this.left) return
        this.left = true
        this.#world.happened('answer', () => `request ${this.number} is let go`)
        if ('deaf' in fate && fate.deaf) return
        this.over = true
        this.#body?.error(signal.reason)
        this.#farewell()
        reject(signal.reason)
      }
      signal.addEventListener('abort', leave, { once: true })
      if (signal.aborted) return leave()
      if (this.#world.isOffline()) return this.#later(1, () => !this.over && fail('offline'))
      if (fate.kind === 'hang') return
      if (fate.kind === 'fail') return this.#later(fate.latency, () => !this.over && fail('no route'))
      if (fate.kind === 'answer') {
        return this.#later(fate.latency, () => {
          if (this.over) return
          const { status, retryAfter, type } = fate
          const headers = new Headers(type === '' ? {} : { 'content-type': type })
          if (retryAfter !== undefined) {
            const { seconds, date } = retryAfter
            const at = new Date(this.#world.wall() + seconds * 1_000)
            headers.set('retry-after', date ? at.toUTCString() : String(seconds))
          }
          this.#world.answered(this, status)
          this.#world.happened('answer', () => `request ${this.number} is answered ${status}`)
          if (status === 204) this.over = true
          const body = status === 204 ? null : this.#stream()
          if (body !== null) this.#arrive(new TextEncoder().encode('<h1>Oops</h1>'))
          this.#ended = 'end'
          resolve(new Response(body, { status, headers }))
        })
      }
      this.#atServer(fate.latency, () => {
        const fetch = this.#world.server()
        if (fetch === undefined || this.#world.isOffline()) {
          return this.#later(fate.latency, () => !this.over && fail('connection refused'))
        }
        const before = this.#world.oldest()
        void fetch(this.#copy()).then((response) => {
          const { epoch, offset } = this.#world.oldest()
          if (epoch === before.epoch && offset === before.offset) this.earliest = before
          this.#later(fate.latency, () => {
            if (this.over) return void response.body?.cancel().catch(() => {})
            const { status, headers } = response
            this.status = status
            this.#world.answered(this, status)
            this.#world.happened('answer', () => `request ${this.number} is answered ${status}`)
            const body = response.body === null ? null : this.#stream()
            if (body === null) this.over = true
            resolve(new Response(body, { status, headers }))
            if (response.body !== null) void this.#pump(response.body)
          })
        })
      })
    })
  }

  /** The network cuts it. */
  cut(how: CutKind): void {
    if (this.over) return
    if (how === 'stall') this.#stalled = true
    else {
      this.over = true
      // An answer of a known length does not end before it is over.
      if (how === 'end' && this.status === 200) this.#body?.close()
      else this.#body?.error(new TypeError('terminated'))
      this.#wanted?.()
      this.#farewell()
    }
    this.#world.happened('chunk', () => `stream ${this.number} is cut: ${how}`)
  }

  /** Whether what the client was given has been let go or read to the end. */
  get leaks(): boolean {
    if (this.over) return false
    // What it says in a refusal is read in one go, which only a `fetch` that obeys its signal ends.
    const isDeaf = 'deaf' in this.fate && this.fate.deaf && this.status === 200
    return !this.left || (isDeaf && this.#body !== undefined)
  }

  describe(): string {
    const { topics = [], lastEventId } = this.asked ?? {}
    const list = topics.map(
      ({ address, from, events }) =>
        `${address}${from ? ` from ${from}` : ''}${events ? ` (${events})` : ''}`,
    )
    return `${list.join(', ')}${lastEventId ? `, after ${lastEventId}` : ''}; ${describeFate(this.fate)}`
  }

  // What the server sees is not the client's own request: it learns late, or never, that the client has left.
  #copy(): Request {
    const { url, method, headers } = this.request
    return new Request(url, {
      method,
      headers,
      signal: this.#serverSide.signal,
      ...(method === 'POST' && { body: this.request.body, duplex: 'half' }),
    })
  }

  #stream(): ReadableStream<Uint8Array> {
    return new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#body = controller
        },
        pull: () => {
          this.#world.happened('pull', () => '')
          if (this.now !== undefined && !this.adopted) this.adopt()
          return new Promise<void>((resolve) => {
            this.#wanted = resolve
            this.#give()
          })
        },
        cancel: () => {
          this.over = true
          this.left = true
          this.#farewell()
        },
      },
      { highWaterMark: 0 },
    )
  }

  /** The client has taken it for its own. */
  adopt(): void {
    this.adopted = true
    this.#world.adopted(this)
  }

  async #pump(body: ReadableStream<Uint8Array>): Promise<void> {
    const reader = body.getReader()
    const { latency } = this.fate as { latency: number }
    this.#serverSide.signal.addEventListener('abort', () => void reader.cancel().catch(() => {}), {
      once: true,
    })
    try {
      for (;;) {
        const { value, done } = await reader.read()
        if (done) break
        this.#send(latency, () => this.#arrive(value))
      }
      this.#send(latency, () => this.#end('end'))
    } catch {
      this.#send(latency, () => this.#end('error'))
    }
  }

  #end(how: 'error' | 'end'): void {
    if (this.#stalled || this.over) return
    this.#ended = how
    this.#give()
  }

  #arrive(bytes: Uint8Array): void {
    if (this.#stalled || this.over) return
    this.#inbox.push(bytes)
    this.#give()
  }

  // The next bytes, if the client asks for some and some are there.
  #give(): void {
    if (this.#wanted === undefined || this.over || this.#stalled || this.#body === undefined) return
    const cut = this.fate.kind === 'serve' ? this.fate.cut : undefined
    const left = cut ? cut.after - this.#delivered : Number.POSITIVE_INFINITY
    if (cut && left <= 0) {
      this.cut(cut.how)
      return
    }
    const piece = this.#piece(left)
    const wanted = this.#wanted
    if (piece !== undefined) {
      this.#wanted = undefined
      this.#delivered += piece.byteLength
      if (this.now === undefined) this.#readOpening(piece)
      this.#world.happened('chunk', () => `stream ${this.number} brings ${show(piece)}`)
      // Whoever was told of it may have ended it.
      if (!this.over) this.#body.enqueue(piece)
      wanted()
    } else if (this.#ended !== undefined) {
      this.#wanted = undefined
      this.over = true
      this.#world.happened('chunk', () => `stream ${this.number} is over (${this.#ended})`)
      if (this.#ended === 'end') this.#body.close()
      else this.#body.error(new TypeError('terminated'))
      wanted()
    }
  }

  #piece(most: number): Uint8Array | undefined {
    const next = this.#inbox.shift()
    if (next === undefined) return undefined
    const chunks = this.fate.kind === 'serve' ? this.fate.chunks : 'whole'
    let length = next.byteLength
    if (chunks === 'split') length = this.#random.int(1, Math.min(length, 90))
    if (chunks === 'drip') length = 1
    length = Math.min(length, most)
    if (length < next.byteLength) this.#inbox.unshift(next.subarray(length))
    return length === next.byteLength ? next : next.subarray(0, length)
  }

  // The wire is read here once more and apart from the client: only the first frame.
  #readOpening(piece: Uint8Array): void {
    this.#opening += new TextDecoder().decode(piece)
    const end = this.#opening.indexOf('\n\n')
    if (end < 0 || !this.#opening.includes('event: millrace.open')) return
    const block = this.#opening.slice(0, end)
    const id = /^id: (.*)$/m.exec(block)?.[1]
    const data = /^data: (.*)$/m.exec(block)?.[1] ?? '{}'
    const { now = id, verdict } = JSON.parse(data) as { now?: string; verdict: string }
    this.now = now
    this.isReset = verdict !== 'fresh' && verdict !== 'resumed'
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
  const { latency, chunks, cut, deaf } = fate
  return `${latency} ms, ${chunks}${cut ? `, ${cut.how} after ${cut.after} bytes` : ''}${deaf ? ', deaf' : ''}`
}

function show(piece: Uint8Array): string {
  return JSON.stringify(new TextDecoder().decode(piece))
}
