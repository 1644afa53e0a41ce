import { headOf, judge, type LogBounds, resumeAfter } from '@millrace/log'
import { formatCursor, nowhere, type Position, type ResetVerdict } from '@millrace/protocol'
import type { FeedPage } from '../feed/feed-page.ts'
import type { Follower } from '../feed/follower.ts'
import type { FrameRun } from '../feed/frame-run.ts'
import type { TopicInterest } from '../feed/interest.ts'
import { InterestFilter } from '../feed/interest-filter.ts'
import type { TopicState } from '../publish/snapshots.ts'
import { CatchUp, type Reader } from './catch-up.ts'
import { deniedFrames, endFrames, openFrame, positionFrame, tellingFrames } from './control-frame.ts'
import { correctHead } from './correct-head.ts'
import { lostBy } from './lost-by.ts'
import { intactUpTo, leftBeyond, type Marks, marksBeyond, mayBeLost, noMarks } from './marks.ts'
import { chunkBytes, pageRuns } from './page-runs.ts'
import type { Placement, Untold } from './placement.ts'
import type { FeedSessionOptions, SessionOwn } from './session-options.ts'
import type { OpenSink, Parcel } from './sink.ts'
import { isOutlived, leastOf, statePlace } from './state-place.ts'
import { StreamSession } from './stream-session.ts'
import { statedOf, tellingsOf } from './telling.ts'
import { complete, completeBefore, isGoing } from './topic-ends.ts'

/**
 * One open stream of one log, or of one shard of a log: a position in it and a set of topics. It has no queue. While `live`, the feed pushes to it;
 * once its socket is full it is behind, and reads on from its position when there is room again.
 */
export class Session extends StreamSession<FeedSessionOptions> implements Follower, Reader {
  readonly interests: readonly TopicInterest[]
  gathered: FrameRun | undefined
  // Up to where everything was considered; out of date while live.
  #position: Position
  // The last position that the subscriber was told.
  #told: Position
  // `undefined` once it has caught up, so that it is live as long as it goes on.
  #behind: CatchUp | undefined
  // How far it had read the log when it went live before the feed was there. What the feed brings then may be of another history.
  #ahead: Position | undefined
  // Where topics begin that begin further on. None in nearly all who are live.
  #marks: Marks

  /** Nothing is sent before `start`. */
  constructor(
    { interests, position, head, marks }: Placement,
    options: FeedSessionOptions,
    own: SessionOwn,
    openSink: OpenSink,
  ) {
    super(options, own, openSink)
    this.interests = interests
    // Most begin where the feed stands, and share what says so.
    const { position: now } = options.feed
    const shared = (place: Position) =>
      place.offset === now.offset && place.epoch === now.epoch ? now : place
    this.#position = shared(position)
    this.#told = this.#position
    this.#marks = marks
    this.#behind = new CatchUp(shared(head))
  }

  get live(): boolean {
    return this.#behind === undefined && !this.isOver
  }

  /**
   * Sends the first frame and what follows the place where it begins. Once.
   *
   * @param denied addresses that were asked for besides, and may not be read
   */
  start({ openId, verdict, now, untold }: Placement, denied: readonly string[] = []): void {
    const { heartbeat, retry } = this.options
    const snapshots =
      untold.length === 0 ? undefined : statedOf(untold, (interest) => this.hasState(interest))
    this.options.feed.join(this)
    this.write(openFrame(retry, openId, { verdict, heartbeat, now, snapshots }))
    // What is told next says where it goes on, which is no news only if the first frame had the same id.
    if (untold.length > 0 && formatCursor(this.#position) !== openId) this.#told = nowhere
    if (denied.length > 0) this.write(deniedFrames(denied))
    if (this.#behind !== undefined) this.#tellLater(untold, this.#behind)
    this.catchUp()
  }

  push(run: FrameRun, ended: readonly string[]): void {
    // It fell behind since it was found, and reads what comes now itself.
    if (!this.live || this.#isElsewhere()) return
    if (run.length > chunkBytes) {
      this.#fallBehind(this.options.feed.at(this.options.feed.position.epoch, run.firstOffset - 1))
      this.catchUp()
      return
    }
    this.#send(run)
    if (ended.length > 0) {
      for (const address of ended) complete(this.interests, address)
      this.#endComplete()
    }
    this.endPoll()
  }

  ended(): void {
    if (this.isOver) return
    this.#tellEnded()
    this.endPoll()
  }

  look(before: Position): void {
    // The log itself says whether what was read before the feed is there is still what it was. What the feed had at a mark that it came by is forgotten.
    const known = this.#marks.length === 0 ? before : this.#told
    const behind = this.live ? this.#fallBehind(this.#ahead ?? known) : this.#behind
    if (behind === undefined) return
    behind.doubted = true
    behind.lookAgain = true
    this.catchUp()
  }

  protected override catchUp(): void {
    this.#behind?.go(this)
  }

  /** Does one step of catching up. Answers whether there is more to do. */
  step(behind: CatchUp): boolean | Promise<boolean> {
    behind.lookAgain = false
    if (behind.untold.length > 0) return this.#getStates(behind)
    const { doubted } = behind
    behind.doubted = false
    const page = this.options.feed.after(this.#position, behind.head, doubted)
    return page instanceof Promise
      ? page.then((page) => this.#take(page, behind, doubted))
      : this.#take(page, behind, doubted)
  }

  // Nothing may come between the look and going live.
  #take(page: FeedPage | undefined, behind: CatchUp, doubted: boolean): boolean {
    if (this.isOver) return false
    if (page === undefined) {
      this.#goLive()
      return false
    }
    // Where it led no further, the log has moved to where the feed is not yet, and the feed says when it is; it may have said so by now.
    return this.#read(page, behind, doubted) || doubted || behind.lookAgain
  }

  /** Sends what a page has for it, as far as there is room. Answers whether the page led any further. */
  #read(page: FeedPage, behind: CatchUp, doubted: boolean): boolean {
    const verdict = judge(this.#position, page, page.afterTag)
    if (verdict !== 'resumed') {
      this.#reset(verdict, page, behind, doubted)
      return true
    }
    const upTo = doubted ? this.#position.offset : intactUpTo(page.entries, this.#marks)
    if (upTo !== undefined && this.#loseBeyond(upTo, page, behind)) return true
    if (page.entries.length === 0) return correctHead(behind, page)
    behind.filter ??= new InterestFilter(this.interests)
    const { filter } = behind
    const sparing = behind.slow ? this.options.feed : undefined
    const runs = pageRuns(
      page,
      (entry) => filter.wants(entry, sparing),
      (topic) => {
        complete(this.interests, topic)
        return !this.interests.some(isGoing)
      },
    )
    for (const { run, position } of runs) {
      const room = run.length === 0 || this.#send(run)
      this.#position = position
      if (!room) break
    }
    this.#endComplete()
    return true
  }

  #reset(
    verdict: Exclude<ResetVerdict, 'invalid'>,
    bounds: LogBounds,
    behind: CatchUp,
    doubted: boolean,
  ): void {
    this.options.feed.meter.count('resets', verdict)
    this.#position = resumeAfter(verdict, this.#position, bounds)
    // Of a doubted log, those that lie beyond begin at its head now.
    if (doubted || verdict !== 'trimmed') this.#marks = noMarks
    behind.head = headOf(bounds)
    const { offset } = this.#position
    this.#tellLater(lostBy(this.interests, verdict, offset, doubted ? bounds.head : undefined), behind)
  }

  // The log is as it was up to an offset. Nothing tells whether it is where a topic begins that lies beyond: a reset too many is better than a gap.
  #loseBeyond(upTo: number, bounds: LogBounds, behind: CatchUp): boolean {
    const { offset } = this.#position
    this.#marks = this.#marks.filter((mark) => mark.offset <= upTo)
    const going = this.interests.filter(isGoing)
    const beyond = going.filter(({ floor }) => floor > upTo)
    if (beyond.length === 0) return false
    // The others have been sent everything up to here.
    for (const interest of going) interest.floor = Math.max(interest.floor, offset)
    this.options.feed.meter.count('resets', 'diverged')
    for (const interest of beyond) interest.floor = bounds.head
    behind.head = headOf(bounds)
    this.#tellLater(
      beyond.map((interest) => ({ interest, verdict: 'diverged' })),
      behind,
    )
    return true
  }

  // At once, unless there is a state to be had first.
  #tellLater(untold: readonly Untold[], behind: CatchUp): void {
    if (untold.some(({ interest }) => this.hasState(interest))) behind.untold = untold
    else this.#tell(untold, [], behind)
  }

  async #getStates(behind: CatchUp): Promise<boolean> {
    const { untold, head } = behind
    const place = statePlace(untold, head, this.options.feed)
    const states = await Promise.all(
      untold.map((one) =>
        this.options.snapshots.take(one.interest, place, leastOf(one, untold, this.interests)),
      ),
    )
    const { feed } = this.options
    const isKnown = !states.some((state) => state && isOutlived(state.position, head, feed))
    if (!this.isOver && isKnown) this.#tell(untold, states, behind)
    return true
  }

  /** Tells topics how they go on: with their state where there is one, and where they could not go on with why. */
  #tell(untold: readonly Untold[], states: readonly (TopicState | undefined)[], behind: CatchUp): void {
    behind.untold = []
    if (untold.length > 0) {
      const tellings = tellingsOf(untold, states)
      const floors = this.interests.filter(isGoing).map(({ floor }) => floor)
      const told = this.#told
      const marks = [...this.#marks, this.#position]
      // Where others begin, who are told nothing, the log may not be what it was: it is asked from where it is compared.
      if (behind.doubted && untold.length < floors.length) floors.push(this.#position.offset)
      this.#position = this.#placeAt(Math.min(...floors), behind.head)
      this.#told = this.#position
      this.#marks = marksBeyond(
        this.#position.offset,
        untold.map(({ interest }) => interest),
        (offset) => this.#placeAt(offset, behind.head),
        marks,
      )
      if (tellings.length > 0) {
        this.answered = true
        this.write(tellingFrames(tellings, this.#position, (offset) => this.#placeAt(offset, behind.head)))
      }
      // An id that was told before does not show which of them is the last.
      if (tellings.length === 0 || isSame(told, this.#position)) this.write(positionFrame(this.#position))
    }
    this.#tellEnded()
  }

  #tellEnded(): void {
    // Where it stands may be lost, and something else have come up to there.
    if (this.options.endings.none || this.#isUntold || this.#behind?.doubted) return
    // What is known of one life of the log says nothing to who stands in another.
    if (this.#considered.epoch !== this.options.feed.position.epoch) return
    const over = completeBefore(this.interests, this.options.endings)
    if (over.size === 0) return
    this.answered = true
    this.write(endFrames(over.keys()))
    for (const address of over.values()) complete(this.interests, address)
    this.#endComplete()
  }

  // With a pattern there is always something that may come.
  #endComplete(): void {
    if (!this.interests.some(isGoing)) this.end('end', false)
  }

  #goLive(): void {
    const { offset } = this.#position
    // The log was ahead of the feed, which will push what this session has read already.
    if (offset > this.options.feed.position.offset) {
      for (const interest of this.interests) interest.floor = Math.max(interest.floor, offset)
      this.#ahead = this.#position
    }
    this.#behind = undefined
    this.#marks = leftBeyond(offset, this.#marks)
    // Whoever waits for the end of what there was when it came need not wait for the next event or heartbeat.
    if (this.hasMoved()) this.write(this.positionTold())
    this.ended()
  }

  // Whether the feed has come to another record where this session was before it: only the log can tell how it goes on then, and is asked.
  #isElsewhere(): boolean {
    const ahead = this.#ahead
    if (ahead === undefined && this.#marks.length === 0) return false
    const { feed } = this.options
    const { position } = feed
    if (ahead !== undefined && position.offset >= ahead.offset) {
      this.#ahead = undefined
      if (feed.at(ahead.epoch, ahead.offset).tag !== ahead.tag) {
        this.look(ahead)
        return true
      }
    }
    if (mayBeLost(feed, this.#marks)) {
      this.look(this.#told)
      return true
    }
    this.#marks = leftBeyond(position.offset, this.#marks)
    return false
  }

  #fallBehind(position: Position): CatchUp {
    this.#ahead = undefined
    this.#position = position
    this.#behind = new CatchUp(position)
    return this.#behind
  }

  // With the tag of its record, so that whoever is told this place can be asked for what was seen there.
  #placeAt(offset: number, head: Position): Position {
    const { epoch } = this.#position
    if (offset === this.#position.offset) return this.#position
    const isHead = epoch === head.epoch && offset === head.offset
    return isHead ? head : this.options.feed.at(epoch, offset)
  }

  protected override hasMoved(): boolean {
    if (this.#isUntold || this.#isElsewhere()) return false
    const { epoch, offset } = this.#considered
    return epoch === this.#told.epoch && offset > this.#told.offset
  }

  get #isUntold(): boolean {
    return this.#behind !== undefined && this.#behind.untold.length > 0
  }

  protected override positionTold(): Parcel {
    this.#told = this.#considered
    return positionFrame(this.#told)
  }

  get #considered(): Position {
    return this.live ? this.options.feed.position : this.#position
  }

  #send(run: FrameRun): boolean {
    this.answered = true
    this.#told = run.last
    this.options.feed.meter.traffic.delivered += run.count
    return this.write(run)
  }

  protected override onFull(): void {
    const behind = this.live ? this.#fallBehind(this.options.feed.position) : this.#behind
    if (behind !== undefined) behind.slow = true
  }

  protected override unfollow(): void {
    this.options.feed.leave(this)
  }
}

function isSame(one: Position, other: Position): boolean {
  return one.offset === other.offset && one.tag === other.tag && one.epoch === other.epoch
}
