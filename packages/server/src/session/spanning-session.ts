import { judge } from '@millrace/log'
import { formatCursor, type Position } from '@millrace/protocol'
import type { FeedPage } from '../feed/feed-page.ts'
import type { FrameRun } from '../feed/frame-run.ts'
import type { TopicInterest } from '../feed/interest.ts'
import type { TopicState } from '../publish/snapshots.ts'
import { type Reader, ReadLoop } from './catch-up.ts'
import { deniedFrames, endFrames, idFrame, openFrame, type ToldTopic, toldFrames } from './control-frame.ts'
import { correctHead } from './correct-head.ts'
import { Lane, type LaneOwner } from './lane.ts'
import type { StreamPlacement } from './lane-placement.ts'
import { chunkBytes, pageRuns } from './page-runs.ts'
import type { SessionOptions, SessionOwn } from './session-options.ts'
import type { OpenSink, Parcel } from './sink.ts'
import { spanningRun } from './spanning-run.ts'
import { isOutlived, leastOf, statePlace } from './state-place.ts'
import { StreamSession } from './stream-session.ts'
import { statedOf, tellingsOf } from './telling.ts'
import { complete, completeBefore, isGoing } from './topic-ends.ts'

class Behind extends ReadLoop {}

/**
 * One open stream over several shards of a log. As one of a single log it has positions and no queue, one position in each lane. It is live once it is up
 * to date in all of them, and where it falls behind in one it reads on in all, so that each id can say where it stands in every shard.
 */
export class SpanningSession extends StreamSession implements Reader<Behind>, LaneOwner {
  readonly interests: readonly TopicInterest[]
  // In the order of the shards.
  readonly #lanes: readonly Lane[]
  // `undefined` once it has caught up, so that it is live as long as it goes on.
  #behind: Behind | undefined = new Behind()
  // The lane that is read next: none may keep the others waiting.
  #next = 0
  // What stands behind the own place in the ids of one lane, as it was last: mostly the others have not moved.
  #beside: Lane | undefined
  #places = ''
  // The id that was told last, or the lane whose place stood first in it.
  #lastId: string | Lane = ''

  /** Nothing is sent before `start`. */
  constructor(placement: StreamPlacement, options: SessionOptions, own: SessionOwn, openSink: OpenSink) {
    super(options, own, openSink)
    this.interests = placement.interests
    this.#lanes = placement.parts.map((part) => new Lane(this, part))
  }

  get live(): boolean {
    return this.#behind === undefined && !this.isOver
  }

  /**
   * Sends the first frame and what follows the places where it begins. Once.
   *
   * @param denied addresses that were asked for besides, and may not be read
   */
  start({ openId, verdict, now }: StreamPlacement, denied: readonly string[] = []): void {
    const { heartbeat, retry } = this.options
    const untold = this.#lanes.flatMap(({ untold }) => untold)
    const snapshots = statedOf(untold, (interest) => this.hasState(interest))
    for (const lane of this.#lanes) lane.feed.join(lane)
    this.write(openFrame(retry, openId, { verdict, heartbeat, now, snapshots }))
    this.#lastId = openId
    if (denied.length > 0) this.write(deniedFrames(denied))
    this.#tellSoon()
    this.catchUp()
  }

  push(lane: Lane, run: FrameRun, ended: readonly string[]): void {
    // It fell behind since it was found, and reads what comes now itself.
    if (!this.live || this.#isElsewhere()) return
    if (run.length > chunkBytes) {
      this.#fallBehind()
      lane.position = lane.feed.at(lane.position.epoch, run.firstOffset - 1)
      this.catchUp()
      return
    }
    this.#send(lane, run)
    if (ended.length > 0) {
      for (const address of ended) complete(lane.interests, address)
      this.#endComplete()
    }
    this.endPoll()
  }

  look(lane: Lane, before: Position): void {
    if (this.live) {
      const from = lane.doubtfulFrom(before)
      this.#fallBehind()
      // The feed is elsewhere by now.
      lane.position = from
    }
    lane.doubted = true
    lane.lookAgain = true
    this.catchUp()
  }

  ended(): void {
    if (this.isOver) return
    this.#tellEnded()
    this.endPoll()
  }

  /** Does one step of catching up. Answers whether there is more to do. */
  step(behind: Behind): boolean | Promise<boolean> {
    if (this.#isUntold) return this.#getStates()
    // Nothing may come between the looks, the last of which all find nothing, and going live.
    for (const _ of this.#lanes) {
      const lane = this.#lanes[this.#next] as Lane
      this.#next = (this.#next + 1) % this.#lanes.length
      lane.lookAgain = false
      const { doubted } = lane
      lane.doubted = false
      const page = lane.feed.after(lane.position, lane.head, doubted)
      if (page === undefined) continue
      return page instanceof Promise
        ? page.then((page) => this.#take(lane, page, behind, doubted))
        : this.#take(lane, page, behind, doubted)
    }
    this.#goLive()
    return false
  }

  protected override catchUp(): void {
    this.#behind?.go(this)
  }

  protected override onFull(): void {
    if (this.live) this.#fallBehind()
    if (this.#behind !== undefined) this.#behind.slow = true
  }

  protected override unfollow(): void {
    for (const lane of this.#lanes) lane.feed.leave(lane)
  }

  protected override hasMoved(): boolean {
    return !this.#isUntold && !this.#isElsewhere() && this.#lanes.some((lane) => lane.hasMoved)
  }

  protected override positionTold(): Parcel {
    // First that of a shard in which it has moved: a reader of ids goes by that.
    const first = this.#lanes.find((lane) => lane.hasMoved)
    this.#tellPlaces((lane) => lane.considered)
    this.#lastId = this.#idOf(first)
    return idFrame(this.#lastId)
  }

  #take(lane: Lane, page: FeedPage, behind: Behind, doubted: boolean): boolean {
    if (this.isOver) return false
    // Where it led no further, the log has moved to where the feed is not yet, and the feed says when it is; it may have said so by now.
    return this.#read(lane, page, behind, doubted) || doubted || lane.lookAgain
  }

  /** Sends what a page has for it, as far as there is room. Answers whether the page led any further. */
  #read(lane: Lane, page: FeedPage, behind: Behind, doubted: boolean): boolean {
    const verdict = judge(lane.position, page, page.afterTag)
    if (verdict !== 'resumed') {
      lane.reset(verdict, page, doubted)
      this.#tellSoon()
      return true
    }
    const upTo = lane.intactUpTo(page, doubted)
    if (upTo !== undefined && lane.loseBeyond(upTo, page)) {
      this.#tellSoon()
      return true
    }
    if (page.entries.length === 0) return correctHead(lane, page)
    const { filter, feed } = lane
    const sparing = behind.slow ? feed : undefined
    const runs = pageRuns(
      page,
      (entry) => filter.wants(entry, sparing),
      (topic) => {
        complete(lane.interests, topic)
        return !lane.interests.some(isGoing)
      },
    )
    for (const { run, position } of runs) {
      const room = run.length === 0 || this.#send(lane, run)
      lane.position = position
      if (!room) break
    }
    this.#endComplete()
    return true
  }

  // Whether a feed has come to another record where its lane was before it. Every id tells of all lanes, so that one is enough.
  #isElsewhere(): boolean {
    for (const lane of this.#lanes) {
      const before = lane.takeElsewhere()
      if (before === undefined) continue
      this.look(lane, before)
      return true
    }
    return false
  }

  get #isUntold(): boolean {
    return this.#lanes.some(({ untold }) => untold.length > 0)
  }

  // At once, unless there is a state to be had first. Of all lanes together: only the last of what is told may move the cursor.
  #tellSoon(): void {
    const waits = this.#lanes.some(({ untold }) => untold.some(({ interest }) => this.hasState(interest)))
    if (!waits) this.#tell(this.#lanes.map(() => []))
  }

  async #getStates(): Promise<boolean> {
    const states = await Promise.all(
      this.#lanes.map(({ untold, interests, head, feed }) => {
        const place = statePlace(untold, head, feed)
        return Promise.all(
          untold.map((one) =>
            this.options.snapshots.take(one.interest, place, leastOf(one, untold, interests)),
          ),
        )
      }),
    )
    const isKnown = this.#lanes.every(
      ({ head, feed }, index) =>
        !states[index]?.some((state) => state && isOutlived(state.position, head, feed)),
    )
    if (!this.isOver && isKnown) this.#tell(states)
    return true
  }

  /**
   * Tells topics how they go on: with their state where there is one, and where they could not go on with why.
   *
   * @param states those of each lane's untold topics
   */
  #tell(states: readonly (readonly (TopicState | undefined)[])[]): void {
    if (this.#isUntold) {
      const lastId = typeof this.#lastId === 'string' ? this.#lastId : this.#idOf(this.#lastId)
      const told: ToldTopic[] = []
      for (const [index, lane] of this.#lanes.entries()) {
        if (lane.untold.length === 0) continue
        const tellings = tellingsOf(lane.untold, states[index] ?? [])
        lane.settle()
        // In which shard it is, only that says.
        for (const { requested, told: what, floor } of tellings)
          told.push({ requested, told: what, at: lane.placeAt(floor) })
      }
      this.#tellPlaces((lane) => lane.position)
      const id = this.#idOf()
      this.#lastId = id
      if (told.length > 0) {
        this.answered = true
        this.write(toldFrames(told, id))
      }
      // An id that was told before does not show which of them is the last.
      if (told.length === 0 || id === lastId) this.write(idFrame(id))
    }
    this.#tellEnded()
  }

  #tellEnded(): void {
    if (this.#isUntold) return
    for (const lane of this.#lanes) {
      const { endings, position } = lane.feed
      // Where it stands may be lost, and something else have come up to there. What is known of one life of the log says nothing to who stands
      // in another.
      if (endings.none || lane.doubted || lane.considered.epoch !== position.epoch) continue
      const over = completeBefore(lane.interests, endings)
      if (over.size === 0) continue
      this.answered = true
      this.write(endFrames(over.keys()))
      for (const address of over.values()) complete(lane.interests, address)
    }
    this.#endComplete()
  }

  // With a pattern there is always something that may come.
  #endComplete(): void {
    if (!this.#lanes.some(({ interests }) => interests.some(isGoing))) this.end('end', false)
  }

  #goLive(): void {
    for (const lane of this.#lanes) lane.goLive()
    this.#behind = undefined
    // Whoever waits for the end of what there was when it came need not wait for the next event or heartbeat.
    if (this.hasMoved()) this.write(this.positionTold())
    this.ended()
  }

  #fallBehind(): void {
    for (const lane of this.#lanes) lane.fallBehind()
    this.#behind = new Behind()
  }

  #send(lane: Lane, run: FrameRun): boolean {
    this.answered = true
    let isSame = this.#beside === lane
    for (const other of this.#lanes) {
      if (other === lane) continue
      const { considered } = other
      if (considered === other.told) continue
      other.told = considered
      isSame = false
    }
    if (!isSame) {
      this.#beside = lane
      this.#places = this.#lanes.map((other) => (other === lane ? '' : `_${textOf(other.told)}`)).join('')
    }
    lane.told = run.last
    this.#lastId = lane
    lane.feed.meter.traffic.delivered += run.count
    return this.write(spanningRun(run, this.#places))
  }

  #tellPlaces(placeOf: (lane: Lane) => Position): void {
    for (const lane of this.#lanes) lane.told = placeOf(lane)
    this.#beside = undefined
  }

  // Where it was told to be, with one lane's place first.
  #idOf(first?: Lane): string {
    const others = this.#lanes.filter((lane) => lane !== first)
    return [...(first === undefined ? [] : [first]), ...others].map(({ told }) => textOf(told)).join('_')
  }
}

// The feeds' own positions are those of all who keep up.
function textOf(position: Position): string {
  let text = texts.get(position)
  if (text === undefined) {
    text = formatCursor(position)
    texts.set(position, text)
  }
  return text
}

const texts = new WeakMap<Position, string>()
