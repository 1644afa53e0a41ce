import type { LogBounds } from '@millrace/log'
import { headOf, resumeAfter } from '@millrace/log'
import type { Position, ResetVerdict } from '@millrace/protocol'
import type { Feed } from '../feed/feed.ts'
import type { FeedPage } from '../feed/feed-page.ts'
import type { Follower } from '../feed/follower.ts'
import type { FrameRun } from '../feed/frame-run.ts'
import type { TopicInterest } from '../feed/interest.ts'
import { InterestFilter } from '../feed/interest-filter.ts'
import type { PlacedPart } from './lane-placement.ts'
import { lostBy } from './lost-by.ts'
import { intactUpTo, leftBeyond, type Marks, marksBeyond, mayBeLost, noMarks } from './marks.ts'
import type { Untold } from './placement.ts'
import { isGoing } from './topic-ends.ts'

/** The session whose lanes these are. */
export interface LaneOwner {
  /** Whether it is up to date in all its lanes, and goes on. */
  readonly live: boolean
  push(lane: Lane, run: FrameRun, ended: readonly string[]): void
  look(lane: Lane, before: Position): void
  ended(): void
}

/** What a session reads of one shard, and how far it has come there. */
export class Lane implements Follower {
  readonly feed: Feed
  readonly interests: readonly TopicInterest[]
  gathered: FrameRun | undefined
  /** Up to where everything was considered; while the session is live, the feed is there or further. */
  position: Position
  /** The last position in this shard that the subscriber was told. */
  told: Position
  /** Until they have been told, the subscriber must not be told any position. */
  untold: readonly Untold[]
  /** A position at which the shard was when the untold topics became that. */
  head: Position
  /** Whether the feed's history changed, so that only the log can tell whether the session may go on where it is. */
  doubted = false
  /** Whether the feed learnt something while a page was read. */
  lookAgain = false
  readonly #owner: LaneOwner
  #filter: InterestFilter<TopicInterest> | undefined
  // How far it had read the log when it went live before the feed was there. What the feed brings then may be of another history.
  #ahead: Position | undefined
  // Where topics begin that begin further on. None in nearly all who are live.
  #marks: Marks

  constructor(owner: LaneOwner, { feed, placement }: PlacedPart) {
    const { interests, position, head, untold, marks } = placement
    this.#owner = owner
    this.feed = feed
    this.interests = interests
    this.position = position
    this.told = position
    this.untold = untold
    this.head = head
    this.#marks = marks
  }

  get live(): boolean {
    return this.#owner.live
  }

  get filter(): InterestFilter<TopicInterest> {
    this.#filter ??= new InterestFilter(this.interests)
    return this.#filter
  }

  /**
   * From where the shard has to say whether it is still what it was, given where the feed was: from further on, where more had been read, and from what was
   * told, where the feed may have come by a mark, of which it has forgotten what it had there.
   */
  doubtfulFrom(before: Position): Position {
    return this.#ahead ?? (this.#marks.length === 0 ? before : this.told)
  }

  /** Up to where everything was considered. */
  get considered(): Position {
    const { position } = this.feed
    const { epoch, offset } = this.position
    // The log was ahead of the feed where it is behind what was read already.
    return this.live && position.epoch === epoch && position.offset > offset ? position : this.position
  }

  /** Whether that is beyond what the subscriber was told. */
  get hasMoved(): boolean {
    const { epoch, offset } = this.considered
    return epoch === this.told.epoch && offset > this.told.offset
  }

  push(run: FrameRun, ended: readonly string[]): void {
    this.#owner.push(this, run, ended)
  }

  look(before: Position): void {
    this.#owner.look(this, before)
  }

  ended(): void {
    this.#owner.ended()
  }

  /** Sees to it that nothing is sent twice once the feed pushes. */
  goLive(): void {
    const { offset } = this.position
    // The log was ahead of the feed, which will push what this session has read already.
    if (offset > this.feed.position.offset) {
      for (const interest of this.interests) interest.floor = Math.max(interest.floor, offset)
      this.#ahead = this.position
    }
    this.#filter = undefined
    this.#marks = leftBeyond(offset, this.#marks)
  }

  /** Reads on from where it is. */
  fallBehind(): void {
    this.position = this.considered
    this.#ahead = undefined
  }

  /**
   * Where the feed has come to another record than was read before it, or than was there when a topic began: only the log can tell how it goes on.
   * Said once.
   */
  takeElsewhere(): Position | undefined {
    const ahead = this.#ahead
    if (ahead === undefined && this.#marks.length === 0) return undefined
    const { position } = this.feed
    if (ahead !== undefined && position.offset >= ahead.offset) {
      this.#ahead = undefined
      if (this.feed.at(ahead.epoch, ahead.offset).tag !== ahead.tag) return ahead
    }
    if (mayBeLost(this.feed, this.#marks)) return this.told
    this.#marks = leftBeyond(position.offset, this.#marks)
    return undefined
  }

  /** Goes on elsewhere, because of a verdict about its position. @param doubted whether that may not be all */
  reset(verdict: Exclude<ResetVerdict, 'invalid'>, bounds: LogBounds, doubted: boolean): void {
    this.feed.meter.count('resets', verdict)
    this.position = resumeAfter(verdict, this.position, bounds)
    // Of a doubted shard, those that lie beyond begin at its head now.
    if (doubted || verdict !== 'trimmed') this.#marks = noMarks
    this.head = headOf(bounds)
    this.untold = lostBy(this.interests, verdict, this.position.offset, doubted ? bounds.head : undefined)
  }

  /** Up to which offset a page is surely what was there when topics began; `undefined` where nothing says otherwise. */
  intactUpTo({ entries }: FeedPage, doubted: boolean): number | undefined {
    return doubted ? this.position.offset : intactUpTo(entries, this.#marks)
  }

  /**
   * The log is as it was up to an offset. Nothing tells whether it is where a topic begins that lies beyond: a reset too many is better than a gap.
   * Answers whether there is one.
   */
  loseBeyond(upTo: number, bounds: LogBounds): boolean {
    const { offset } = this.position
    this.#marks = this.#marks.filter((mark) => mark.offset <= upTo)
    const going = this.interests.filter(isGoing)
    const beyond = going.filter(({ floor }) => floor > upTo)
    if (beyond.length === 0) return false
    // The others have been sent everything up to here.
    for (const interest of going) interest.floor = Math.max(interest.floor, offset)
    this.feed.meter.count('resets', 'diverged')
    for (const interest of beyond) interest.floor = bounds.head
    this.head = headOf(bounds)
    this.untold = beyond.map((interest) => ({ interest, verdict: 'diverged' }))
    return true
  }

  /** Topics have been told how they go on: the lane is where the lowest of all begins. */
  settle(): void {
    const floors = this.interests.filter(isGoing).map(({ floor }) => floor)
    // Where others begin, who are told nothing, the shard may not be what it was: it is asked from where it is compared.
    if (this.doubted && this.untold.length < floors.length) floors.push(this.position.offset)
    const marks = [...this.#marks, this.position]
    if (floors.length > 0) this.position = this.placeAt(Math.min(...floors))
    this.#marks = marksBeyond(
      this.position.offset,
      this.untold.map(({ interest }) => interest),
      (offset) => this.placeAt(offset),
      marks,
    )
    this.untold = []
  }

  /** The place with an offset, with the tag of its record, so that whoever is told this place can be asked for what was seen there. */
  placeAt(offset: number): Position {
    const { epoch } = this.position
    if (offset === this.position.offset) return this.position
    const isHead = epoch === this.head.epoch && offset === this.head.offset
    return isHead ? this.head : this.feed.at(epoch, offset)
  }
}
