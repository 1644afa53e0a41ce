import { type LogBounds, positionOf } from '@millrace/log'
import { nowhere, type Position } from '@millrace/protocol'
import type { Entry } from './entry.ts'
import type { FeedPage } from './feed-page.ts'
import { FrameRun } from './frame-run.ts'
import type { TopicInterest } from './interest.ts'
import { pageLength, sharedPageBytes } from './page-reader.ts'
import { Ring } from './ring.ts'

// Pages that are kept for the next session, until the next records come.
const sharedPages = 16

interface WindowOptions {
  readonly ringBytes: number
  /** Whether `isSuperseded` will be asked. */
  readonly conflates: boolean
}

/** What is in memory of one life of the log: the most recent entries, and the places among them. */
export class Window {
  readonly #options: WindowOptions
  readonly #pages = new Map<number, FeedPage>()
  #epoch = ''
  #ring = new Ring(0, 1)
  // The same object for all that stand there.
  #position = nowhere

  constructor(options: WindowOptions) {
    this.#options = options
  }

  get epoch(): string {
    return this.#epoch
  }

  /** Offset of the oldest entry; that of the next one where there is none. */
  get first(): number {
    return this.#ring.first
  }

  /** Whether there was ever more than it may hold. */
  get full(): boolean {
    return this.#ring.full
  }

  /** The place after the newest entry. */
  get position(): Position {
    const { head } = this.#ring
    if (this.#position.offset !== head || this.#position.epoch !== this.#epoch) {
      this.#position = this.at(this.#epoch, head)
    }
    return this.#position
  }

  /** The place after an offset, with the tag of its record where that is in memory. */
  at(epoch: string, offset: number): Position {
    return positionOf(epoch, { offset, tag: epoch === this.#epoch ? this.#ring.tagAt(offset) : undefined })
  }

  get bounds(): LogBounds {
    const { first, head } = this.#ring
    return { epoch: this.#epoch, first, head, headTag: this.#ring.tagAt(head) }
  }

  /** Whether it is known which record is at a place, and all that follows. */
  holds({ epoch, offset, tag }: Position): boolean {
    if (epoch !== this.#epoch || !this.#ring.holdsAfter(offset)) return false
    return tag === undefined || offset >= this.#ring.first || this.#ring.tagAt(offset) !== undefined
  }

  /** Of the records that tags were given for, what is still in memory. */
  tagsAt(topics: readonly { readonly start: string | Position }[]): Map<number, string | undefined> {
    const tags = new Map<number, string | undefined>()
    for (const { start } of topics) {
      if (typeof start === 'object' && start.tag !== undefined)
        tags.set(start.offset, this.#ring.tagAt(start.offset))
    }
    return tags
  }

  /** What follows an offset that it holds. After a restart everybody comes back to nearly the same place. */
  after(offset: number): FeedPage {
    let page = this.#pages.get(offset)
    if (page === undefined) {
      const entries = this.#ring.after(offset, pageLength)
      const afterTag = this.#ring.tagAt(offset)
      page = { ...this.bounds, afterTag, entries, start: FrameRun.empty(sharedPageBytes) }
      if (this.#pages.size < sharedPages) this.#pages.set(offset, page)
    }
    return page
  }

  /** Whether an interest can do without an entry, because what is held of its topic has a newer one for it. */
  isSuperseded({ channel, events }: TopicInterest, { topic, offset }: Entry): boolean {
    return channel.deliver === 'latest' && this.#ring.newest(topic, events) > offset
  }

  /** Takes the next entry. */
  push(entry: Entry): void {
    this.#ring.push(entry)
  }

  /** Records have come, so that what was kept of the page before is not all any more. */
  turn(): void {
    this.#pages.clear()
  }

  /** Takes what was before the oldest entry. @param tagBefore of the record before the first of them */
  extend(entries: readonly Entry[], tagBefore: string | undefined): void {
    this.#ring.extend(entries, tagBefore)
  }

  /** Begins anew after a place, with nothing in memory. */
  restart({ epoch, offset, tag }: Position): void {
    this.#epoch = epoch
    this.#position = nowhere
    this.#ring = new Ring(this.#options.ringBytes, offset + 1, this.#options.conflates, tag)
    this.#pages.clear()
  }
}
