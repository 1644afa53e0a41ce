import type { StreamRequest } from '@millrace/protocol'
import { type Admission, admit } from '../authorize/admission.ts'
import { describeRequest } from '../authorize/authorize-request.ts'
import { anybody, type Caller } from '../authorize/caller.ts'
import type { Revocations } from '../authorize/revocations.ts'
import { within } from '../deadline.ts'
import type { Feeds, HeldPart } from '../feed/feeds.ts'
import type { Snapshots } from '../publish/snapshots.ts'
import type { Gate } from '../session/gate.ts'
import { type PlacedPart, placeParts, type StreamPlacement } from '../session/lane-placement.ts'
import type { PlacementOptions } from '../session/placement.ts'
import type { OpenSink } from '../session/sink.ts'
import type { WatchedSettings } from '../telemetry/monitor.ts'
import type { Answer, Call } from './call.ts'
import { findAddress } from './client-address.ts'
import { RefusalError } from './refusal-error.ts'
import { Refuser } from './refuser.ts'
import { findTopics, type RequestedTopic } from './requested-topic.ts'
import { readStreamCall } from './stream-call.ts'
import { streamHead } from './stream-head.ts'
import { TopicFinder } from './topic-finder.ts'

/** How long a request waits for `authorize` and the log together, in milliseconds. Below what our client waits for a first frame. */
const openDeadline = 8_000

/** Of how many addresses streams share what is known of their caller. */
const rememberedAddresses = 1_000

const none: readonly string[] = []

/** A request to which a stream was promised. */
export interface Accepted {
  readonly asked: StreamRequest
  readonly placement: StreamPlacement
  readonly admission: Admission
  /** What was revoked when it was authorized. */
  readonly mark: number
}

/** What requests are answered by. */
interface ResponderOptions {
  readonly settings: WatchedSettings
  readonly feeds: Feeds
  readonly gate: Gate
  readonly revocations: Revocations
  readonly snapshots: Snapshots
  /** Begins a stream that was promised. */
  readonly open: (accepted: Accepted, openSink: OpenSink) => void
}

/** From a request to its answer: who may have what, from where on, or why not. */
export class Responder {
  readonly #settings: WatchedSettings
  readonly #options: ResponderOptions
  readonly #finder: TopicFinder
  readonly #refuser: Refuser
  readonly #anybody = new Map<string | undefined, Caller>()
  readonly #placing: PlacementOptions
  readonly #needsAddress: boolean

  constructor(options: ResponderOptions) {
    this.#settings = options.settings
    this.#options = options
    this.#finder = new TopicFinder(options.settings.contract)
    this.#refuser = new Refuser(options.settings)
    const { limits, trustProxy, authorize } = options.settings
    this.#needsAddress =
      trustProxy !== 0 || authorize !== undefined || limits.connectionsPerAddress < Number.POSITIVE_INFINITY
    this.#placing = {
      replayRecords: limits.replayRecords,
      hasState: (interest) => options.snapshots.has(interest),
    }
  }

  /** Answers at once where nothing has to be waited for. Never throws nor rejects. */
  answer(call: Call): Answer | Promise<Answer> {
    try {
      const asked = readStreamCall(call, this.#settings.path, this.#settings.limits)
      const answer =
        asked instanceof Promise
          ? asked.then((asked) => this.#answer(call, asked))
          : this.#answer(call, asked)
      return answer instanceof Promise
        ? answer.catch((error: unknown) => this.#refuser.refuse(call, error))
        : answer
    } catch (error) {
      return this.#refuser.refuse(call, error)
    }
  }

  #answer(call: Call, asked: StreamRequest): Answer | Promise<Answer> {
    const { limits, authorize } = this.#settings
    const header = call.header('last-event-id') || undefined
    const topics = findTopics(this.#finder, asked, header, limits.cursorBytes)
    const address = this.#addressOf(call)
    this.#options.gate.enter(address)
    const mark = this.#options.revocations.mark
    const held = authorize === undefined ? this.#options.feeds.heldNow(topics) : undefined
    if (held !== undefined) {
      return this.#accept(call, { asked, admission: this.#everything(topics, address), mark }, held)
    }
    return this.#ask(call, asked, topics, address, mark)
  }

  async #ask(
    call: Call,
    asked: StreamRequest,
    topics: readonly RequestedTopic[],
    address: string | undefined,
    mark: number,
  ): Promise<Answer> {
    const { clock } = this.#settings
    const deadline = clock.now() + openDeadline
    const admission = await this.#admit(call, address, topics, asked.version !== undefined)
    const { principal } = admission.caller
    this.#options.gate.check(address, principal)
    const held = await within(
      this.#options.feeds.held(admission.topics),
      Math.max(0, deadline - clock.now()),
      clock,
      'The log does not answer',
    )
    // While it waited, others may have come.
    this.#options.gate.check(address, principal)
    return this.#accept(call, { asked, admission, mark }, held)
  }

  #accept(
    call: Call,
    { asked, admission, mark }: Omit<Accepted, 'placement'>,
    held: readonly HeldPart<RequestedTopic>[],
  ): Answer {
    const placement = placeParts(held, this.#placing)
    if (placement.limited) this.#settings.monitor.count('refused', 'replayRecords')
    // [spec] HTTP 204 No Content: a client is to stop reconnecting.
    if (placement.parts.every(isOver))
      return { status: 204, headers: { 'cache-control': 'no-store' }, body: undefined }
    const accepted = { asked, placement, admission, mark }
    const outcome = { verdict: placement.verdict, topics: placement.interests.length }
    if (call.method === 'HEAD') return { status: 200, headers: streamHead, body: undefined, outcome }
    return {
      status: 200,
      headers: streamHead,
      body: undefined,
      outcome,
      poll: asked.poll === true,
      stream: (openSink) => this.#options.open(accepted, openSink),
    }
  }

  // Whom nobody can place is counted nowhere, which is no reason to send them away. The socket's own address is a system call, so where nothing
  // depends on it only those who revoke by it look, at the sinks.
  #addressOf(call: Call): string | undefined {
    const { trustProxy, onError } = this.#settings
    if (!this.#needsAddress) return undefined
    try {
      return findAddress(call, trustProxy)
    } catch (error) {
      onError(error)
      return undefined
    }
  }

  async #admit(
    call: Call,
    address: string | undefined,
    topics: readonly RequestedTopic[],
    whole: boolean,
  ): Promise<Admission> {
    const { authorize, contract, clock, onError } = this.#settings
    if (authorize === undefined) {
      return this.#everything(topics, address)
    }
    try {
      const request = describeRequest(call, address)
      const asking = admit({ authorize, contract }, request, topics, { whole, now: clock.now() })
      return await within(asking, openDeadline, clock, 'authorize does not answer')
    } catch (error) {
      if (RefusalError.isInstance(error)) throw error
      onError(error)
      const detail = 'Who may read this cannot be found out at the moment'
      throw new RefusalError('unavailable', detail, { cause: 'authorize' })
    }
  }

  // Where nobody is asked. Those of one address are one caller, and behind a proxy they have all the same.
  #everything(topics: readonly RequestedTopic[], address: string | undefined): Admission {
    if (!this.#needsAddress) return { caller: anybody, topics, denied: none }
    let caller = this.#anybody.get(address)
    if (caller === undefined) {
      caller = { principal: undefined, claims: undefined, address, expires: Number.POSITIVE_INFINITY }
      if (this.#anybody.size >= rememberedAddresses) this.#anybody.clear()
      this.#anybody.set(address, caller)
    }
    return { caller, topics, denied: none }
  }
}

// Nothing would ever come: all of it is complete, and was told so or has no state to begin with.
function isOver({ feed, placement: { position, interests, untold } }: PlacedPart): boolean {
  const { endings } = feed
  if (endings.none || untold.length > 0 || position.epoch !== feed.position.epoch) return false
  return interests.every(({ address, pattern, floor }) => {
    return !pattern && (endings.of(address) ?? Number.POSITIVE_INFINITY) <= floor
  })
}
