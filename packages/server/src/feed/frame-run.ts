import { nowhere, type Position } from '@millrace/protocol'
import type { Entry } from './entry.ts'

// What a run costs beside its bytes. Measured on Node 24.
const runBytes = 128

interface Tree {
  /** Memory that it may still take for sharing, in bytes. */
  room: number
  readonly inOrder: boolean
}

/**
 * A run of frames that go out in one write. Runs form a tree from the empty one, so that sessions which take the same
 * entries end up at the same run and share its joined bytes.
 */
export class FrameRun {
  /**
   * @param keep memory that the tree may take for sharing, in bytes; beyond it new runs belong to their session alone. Sessions
   * that all want something else share nothing, and their runs together may be many times what they are made of.
   */
  static empty(keep: number): FrameRun {
    return new FrameRun(undefined, undefined, { room: keep, inOrder: false })
  }

  /** The empty run of a tree that is asked for all runs with one entry before any with the next: so it needs to know only the newest. */
  static emptyInOrder(): FrameRun {
    return new FrameRun(undefined, undefined, { room: Number.POSITIVE_INFINITY, inOrder: true })
  }

  readonly #tree: Tree
  readonly #before: FrameRun | undefined
  readonly #entry: Entry | undefined
  // Most runs go on in one way only, and a map for that one would cost more than the joining saves.
  #next: FrameRun | undefined
  #nextEntry: Entry | undefined
  #others: Map<Entry, FrameRun> | undefined
  #bytes: Uint8Array | undefined
  #last: Position | undefined
  /** How many will write it, as far as that is counted. */
  takers = 0
  /** The bytes as sinks of one kind frame them, which keep them here. */
  framed: Uint8Array | undefined
  /** Length of the joined bytes. */
  readonly length: number
  /** How many frames there are. */
  readonly count: number

  private constructor(before: FrameRun | undefined, entry: Entry | undefined, tree: Tree) {
    this.#tree = tree
    this.#before = before
    this.#entry = entry
    this.firstOffset = before?.firstOffset || (entry?.offset ?? 0)
    this.count = before === undefined ? 0 : before.count + 1
    this.length = (before?.length ?? 0) + (entry?.length ?? 0)
  }

  /** The run that has this entry after all of this one's. */
  with(entry: Entry): FrameRun {
    const known = this.#nextEntry === entry ? this.#next : this.#others?.get(entry)
    return known ?? this.#add(entry)
  }

  #add(entry: Entry): FrameRun {
    const run = new FrameRun(this, entry, this.#tree)
    if (this.#tree.room <= 0) return run
    this.#tree.room -= runBytes
    if (this.#next === undefined || this.#tree.inOrder) {
      this.#next = run
      this.#nextEntry = entry
    } else {
      this.#others ??= new Map()
      this.#others.set(entry, run)
    }
    return run
  }

  /** Offset of the first entry; 0 in the empty run. */
  readonly firstOffset: number

  /** Offset of the last entry; 0 in the empty run. */
  get lastOffset(): number {
    return this.#entry?.offset ?? 0
  }

  /** Where the last entry lies. */
  get last(): Position {
    this.#last ??= this.#entry === undefined ? nowhere : { epoch: this.#entry.epoch, offset: this.lastOffset }
    return this.#last
  }

  /** The same as text, where only one writes it: bytes are worth their making where they are shared. */
  get text(): string | undefined {
    if (this.takers !== 1) return undefined
    let text = ''
    for (let run: FrameRun | undefined = this; run !== undefined; run = run.#before) {
      if (run.#entry !== undefined) text = run.#entry.text + text
    }
    return text
  }

  /** The frames as text, with other places behind the own one of each. */
  textWith(places: string): string {
    let text = ''
    for (let run: FrameRun | undefined = this; run !== undefined; run = run.#before) {
      if (run.#entry !== undefined) text = run.#entry.textWith(places) + text
    }
    return text
  }

  /** The frames, one after the other. Shared: nobody may change them. */
  get bytes(): Uint8Array {
    if (this.#bytes !== undefined) return this.#bytes
    const bytes = this.#join()
    if (this.#tree.room <= 0) return bytes
    // Once more with a frame around them.
    this.#tree.room -= 2 * bytes.byteLength
    this.#bytes = bytes
    return bytes
  }

  #join(): Uint8Array {
    if (this.#before?.length === 0 && this.#entry !== undefined) return this.#entry.frame
    const joined = new Uint8Array(this.length)
    let end = this.length
    for (let run: FrameRun | undefined = this; run !== undefined; run = run.#before) {
      if (run.#entry === undefined) break
      end -= run.#entry.length
      joined.set(run.#entry.frame, end)
    }
    return joined
  }
}
