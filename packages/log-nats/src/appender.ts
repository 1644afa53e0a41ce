import { setTimeout as sleep } from 'node:timers/promises'
import { positionOf } from '@millrace/log'
import type { AppendedRecord } from '@millrace/log/engine'
import type { Position } from '@millrace/protocol'
import { type Answer, type Link, publishChain } from './chain.ts'
import { problemWith } from './errors.ts'
import type { Line } from './link.ts'
import type { Reader } from './reader.ts'
import type { Stored } from './record.ts'
import type { State } from './state.ts'
import { hashOf, pathOf } from './subject.ts'

/** For how long the end of a log is taken to be where this process put it, in milliseconds. Whether it still is, the server says. */
const headAge = 1_000

/** How long a writer is waited for that has appended some of a call and not all of it, in milliseconds. It has died by then. */
const patience = 1_000

/** How many of the last steps are remembered to be over. */
const mostOver = 64

/** How many records are looked up at once. */
const together = 32

interface AppenderOptions {
  readonly reader: Reader
  /** How long it may take, in milliseconds. */
  readonly timeout: number
  readonly state: (line: Line) => Promise<State>
}

/** The end of the log: who knows it can append. */
interface Head {
  readonly line: Line
  readonly prefix: string
  readonly epoch: string
  readonly offset: number
  readonly tag: string | undefined
  readonly asked: number
}

/** A record that has no place yet, or shares that of another one. */
interface Waiting {
  readonly index: number
  readonly link: Link
}

/** Appends what belongs together next to each other, whoever else appends. */
export class Appender {
  readonly #options: AppenderOptions
  #head: Head | undefined
  // Tags of the last steps that are over, however they ended: nobody needs to wait for more of them.
  readonly #over: string[] = []

  constructor(options: AppenderOptions) {
    this.#options = options
  }

  /** Forgets where the end is. */
  forget(): void {
    this.#head = undefined
  }

  /** Hears that a step is over. */
  heard(tag: string): void {
    this.#over.push(tag)
    if (this.#over.length > mostOver) this.#over.shift()
  }

  /** Hears of the epoch that the log is in. */
  saw(epoch: string): void {
    if (this.#head?.epoch !== epoch) this.#head = undefined
  }

  async append(line: Line, records: readonly AppendedRecord[]): Promise<readonly Position[]> {
    const tag = records[0]?.tag ?? ''
    const end: End = {
      find: () => this.#find(line, tag),
      moved: (head) => {
        this.#head = head
      },
    }
    try {
      return await new Step(this.#options, records, end).run(line)
    } catch (error) {
      this.#head = undefined
      throw error
    } finally {
      this.heard(tag)
    }
  }

  /** Where the log ends, when nobody is in the middle of a call. */
  async #find(line: Line, tag: string): Promise<Head> {
    const known = this.#head
    if (known && known.line === line && performance.now() - known.asked < headAge) return known
    const { reader, state } = this.#options
    let seen = -1
    let since = 0
    for (;;) {
      const { prefix, epoch, first, head, last } = await state(line)
      const newest = head >= first ? await reader.get(line, head) : undefined
      if (head !== seen) since = performance.now()
      seen = head
      const isOver =
        newest?.left === 0 || newest?.record.tag === tag || this.#over.includes(newest?.record.tag ?? '')
      // It may have been trimmed meanwhile.
      const isGone = newest === undefined && head >= first
      if (!isGone && (newest === undefined || isOver || performance.now() - since > patience)) {
        const before = newest?.record.tag ?? (last?.offset === head ? last.tag : undefined)
        this.#head = { line, prefix, epoch, offset: head, tag: before, asked: performance.now() }
        return this.#head
      }
      await sleep(5)
    }
  }
}

/** The end of the log, as a step sees and moves it. */
interface End {
  find(): Promise<Head>
  /** It is there now, or nobody knows where. */
  moved(head: Head | undefined): void
}

/** One step: what is appended in one go, unless others are faster. */
class Step {
  readonly #options: AppenderOptions
  readonly #records: readonly AppendedRecord[]
  readonly #end: End
  readonly #places: (Position | undefined)[]
  readonly #firstOf = new Map<string, number>()
  #waiting: readonly Waiting[]
  #begun = false

  constructor(options: AppenderOptions, records: readonly AppendedRecord[], end: End) {
    this.#options = options
    this.#records = records
    this.#end = end
    this.#places = records.map(() => undefined)
    this.#waiting = records.flatMap((record, index) => this.#waitingOf(record, index))
  }

  async run(line: Line): Promise<readonly Position[]> {
    const deadline = performance.now() + this.#options.timeout
    let head = await this.#end.find()
    for (let round = 1; this.#waiting.length > 0; round += 1) {
      const waiting = this.#waiting
      const { epoch } = head
      const links = waiting.map(({ link }) => link)
      const answers = await publishChain(line, links, head)
      const count = this.#take(waiting, answers, head.offset, epoch)
      const tag = count > 0 ? waiting[count - 1]?.link.record.tag : head.tag
      head = { ...head, offset: head.offset + count, tag }
      this.#waiting = waiting.slice(count)
      if (this.#waiting.length === 0) break
      const isKnown = answers.some(({ verdict }) => verdict === 'known' || verdict === 'held')
      if (isKnown && (await this.#recognise(head, this.#waiting, answers.slice(count)))) continue
      if (count > 0) continue
      if (this.#begun) throw interrupted()
      if (performance.now() > deadline) {
        const { timeout } = this.#options
        throw problemWith(
          'timeout',
          `others append without a pause, so this has had no turn for ${timeout} ms`,
        )
      }
      // Somebody else was faster, and may be so again: not both at once for ever.
      if (round > 2) await sleep(Math.random() * 2 * round)
      this.#end.moved(undefined)
      head = await this.#end.find()
    }
    this.#end.moved(head)
    return this.#records.map(({ key = '' }, index) => {
      const place = this.#places[index] ?? this.#places[this.#firstOf.get(key) ?? -1]
      return place as Position
    })
  }

  // A key that comes twice in one step has the place of the first.
  #waitingOf(record: AppendedRecord, index: number): Waiting[] {
    const { key, topic } = record
    if (key !== undefined) {
      if (this.#firstOf.has(key)) return []
      this.#firstOf.set(key, index)
    }
    const path = pathOf(topic, key)
    return [{ index, link: { record, path, id: key === undefined ? undefined : hashOf(key) } }]
  }

  /** Gives their places to those that were appended. Answers how many, from the first on. */
  #take(waiting: readonly Waiting[], answers: readonly Answer[], base: number, epoch: string): number {
    const broken = answers.findIndex(
      ({ verdict, offset }, at) => verdict !== 'appended' || offset !== base + 1 + at,
    )
    const count = broken < 0 ? answers.length : broken
    for (const [at, { index, link }] of waiting.slice(0, count).entries()) {
      this.#begun = true
      this.#places[index] = positionOf(epoch, { offset: base + 1 + at, tag: link.record.tag })
    }
    if (answers.slice(count).some(({ verdict }) => verdict === 'appended')) throw interrupted()
    return count
  }

  /** Finds the places of records that the server has. Answers whether there is something else to try now. */
  async #recognise(
    { line, prefix, epoch }: Head,
    waiting: readonly Waiting[],
    answers: readonly Answer[],
  ): Promise<boolean> {
    const { reader } = this.#options
    const next: Waiting[] = []
    for (let from = 0; from < waiting.length; from += together) {
      const some = waiting.slice(from, from + together)
      const found = await Promise.all(
        some.map(async ({ link }, at): Promise<Waiting['link'] | Position | undefined> => {
          const { record, path, id } = link
          if (id === undefined) return undefined
          const answer = answers[from + at]
          const isSame = (stored: Stored | undefined) =>
            stored !== undefined && stored.record.key === record.key
          const own = await reader.last(line, `${prefix}.${path}`)
          if (own && isSame(own)) return positionOf(epoch, own.record)
          if (answer?.verdict !== 'known') return undefined
          const other = await reader.get(line, answer.offset)
          if (other && isSame(other)) return positionOf(epoch, other.record)
          // The server remembers a key longer than its record, with which it is to be forgotten: it is another id from here on.
          return { ...link, id: `${id}/${answer.offset}` }
        }),
      )
      for (const [at, one] of some.entries()) {
        const result = found[at]
        if (result !== undefined && 'epoch' in result) this.#places[one.index] = result
        else next.push(result === undefined ? one : { ...one, link: result })
      }
    }
    const isOther = next.length < waiting.length || next.some(({ link }, at) => link !== waiting[at]?.link)
    this.#waiting = next
    return isOther
  }
}

const interrupted = () =>
  problemWith('timeout', 'others appended in the middle of a call, which had stalled. Some of it is appended')
