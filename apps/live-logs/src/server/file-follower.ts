import { describeLine } from './describe-line.ts'
import { FileLife } from './file-life.ts'
import { type FileState, readFileState, stateOfError } from './file-state.ts'
import type { FollowedEvent, PublishFollowed } from './followed-event.ts'
import type { LifeRegistry } from './life-registry.ts'
import type { RawLine } from './line-splitter.ts'
import { findTailStart } from './tail-start.ts'

/** How a file is followed. Times are in milliseconds. */
export interface FileFollowerOptions {
  readonly path: string
  readonly publish: PublishFollowed
  /** Lines to read from the end of a file that is already there. */
  readonly lines: number
  readonly lives: LifeRegistry
  /** Milliseconds since 1970. */
  readonly now: () => number
  /**
   * Whether the name was found by a pattern after the start. Such a file is read whole, and not at all while it is
   * read under another name: a pattern such as `app.log*` also finds what rotation makes of `app.log`.
   */
  readonly found?: boolean
}

/** How long a line without its line end may be held before it is given as it is. */
const quietTime = 1000
/** How long a name may be gone before it is called missing: rotation leaves a moment between two steps. */
const missingTime = 1000
/** How long a rotated file is read on: its writer may not have opened the new one yet. */
const leavingTime = 5000
/** How long a file that was renamed, and not replaced, is read on after its last line. */
const forgottenTime = 60_000
/** A file that came later is read whole up to this size, a larger one from that far before its end. */
const wholeFileLimit = 8 * 1024 * 1024
/** How far back from the end of a file that is already there. */
const tailLimit = 1024 * 1024
/** Read in one look, before the name is looked up again. */
const lookLimit = 4 * 1024 * 1024

/** Follows one name. It does nothing by itself: each `look` reads what there is, and publishes it. */
export class FileFollower {
  readonly path: string
  readonly #options: FileFollowerOptions
  #life: FileLife | undefined
  readonly #leaving: { readonly life: FileLife; readonly until: number }[] = []
  /** What was last said about a name that cannot be read. */
  #said: string | undefined
  #missingSince: number | undefined
  #wasMissing: boolean
  #looking: Promise<void> | undefined
  #lookAgain = false
  #closed = false
  /** Lines of the first life that begin before this were there at the start. */
  #earlierBelow = 0

  constructor(options: FileFollowerOptions) {
    this.path = options.path
    this.#options = options
    this.#wasMissing = options.found ?? false
  }

  /** Whether the name is gone, has been called missing, and nothing is read any more. */
  get gone(): boolean {
    return this.#said === 'missing' && this.#life === undefined && this.#leaving.length === 0
  }

  /** Reads and publishes what is new. A call during a look makes for one more look after it, and waits for both. */
  look(): Promise<void> {
    if (this.#looking !== undefined) this.#lookAgain = true
    this.#looking ??= this.#lookUntilSettled().finally(() => {
      this.#looking = undefined
    })
    return this.#looking
  }

  /** Stops after the chunk that is being read, and frees the file. */
  async close(): Promise<void> {
    this.#closed = true
    await this.#looking?.catch(() => {})
    for (const life of [this.#life, ...this.#leaving.map((left) => left.life)])
      if (life) await this.#free(life)
    this.#life = undefined
    this.#leaving.length = 0
  }

  async #lookUntilSettled(): Promise<void> {
    do {
      this.#lookAgain = false
      await this.#lookOnce()
    } while (this.#lookAgain && !this.#closed)
  }

  async #lookOnce(): Promise<void> {
    if (this.#closed) return
    const state = await readFileState(this.path)
    try {
      await this.#readLeaving()
      if (this.#life !== undefined) await this.#readOn(this.#life)
      await this.#meet(state)
    } catch (error) {
      if (!(error instanceof Error && 'syscall' in error)) throw error
      await this.#meet(stateOfError(error))
    }
  }

  /** Acts on what the name stands for now. */
  async #meet(state: FileState): Promise<void> {
    if (state.kind === 'missing') return this.#miss()
    this.#missingSince = undefined
    if (state.kind === 'unreadable') {
      return this.#sayOnce(state.reason, { name: 'unreadable', data: { reason: state.reason } })
    }
    if (this.#life?.key === state.key) {
      if (this.#said !== undefined) {
        this.#said = undefined
        await this.#options.publish([this.#whereabouts('opened', this.#life)])
      }
      return
    }
    await this.#open()
  }

  async #miss(): Promise<void> {
    const now = this.#options.now()
    this.#missingSince ??= now
    const sure = this.#life === undefined || now - this.#missingSince >= missingTime
    if (!sure) return
    this.#wasMissing = true
    await this.#sayOnce('missing', { name: 'missing', data: {} })
    if (this.#life === undefined) return
    if (now - this.#life.grewAt >= forgottenTime || !(await this.#life.hasName())) {
      await this.#end(this.#life)
      this.#life = undefined
    }
  }

  async #open(): Promise<void> {
    const { lives, lines, found = false, now, publish } = this.#options
    const life = await FileLife.open(this.path, now())
    if (found && this.#life === undefined && lives.isHeld(life.key)) return life.close()
    lives.hold(life.key)
    const previous = this.#life
    const rotated = previous !== undefined && this.#said === undefined
    const size = life.sizeAtOpening
    if (previous !== undefined) {
      // A rotated file is read from its beginning, however large: its lines are all new.
      this.#leaving.push({ life: previous, until: now() + leavingTime })
      this.#earlierBelow = 0
    } else if (this.#wasMissing) {
      const readUpTo = found ? lives.readUpTo(life.key) : undefined
      await life.seek(Math.max(readUpTo ?? 0, await startOfNewFile(life, size)))
      this.#earlierBelow = 0
    } else {
      await life.seek(await findTailStart(life.file, size, { lines, bytes: tailLimit }))
      this.#earlierBelow = size
    }
    this.#life = life
    this.#said = undefined
    await publish([this.#whereabouts(rotated ? 'rotated' : 'opened', life)])
    await this.#readOn(life)
  }

  /** Reads a life to its end, or as far as one look may. */
  async #readOn(life: FileLife): Promise<void> {
    const rewritten = await life.findRewrite()
    if (rewritten !== undefined) {
      await this.#publishLines([life.flush({ final: true })])
      await life.seek(await startOfNewFile(life, rewritten))
      this.#earlierBelow = 0
      await this.#options.publish([this.#whereabouts('truncated', life, rewritten)])
    }
    const stop = life.position + lookLimit
    for (;;) {
      if (this.#closed) return
      const lines = await life.readChunk(this.#options.now())
      if (lines === undefined) break
      await this.#publishLines(lines)
      if (life.position >= stop) {
        this.#lookAgain = true
        return
      }
    }
    if (this.#options.now() - life.grewAt >= quietTime)
      await this.#publishLines([life.flush({ final: false })])
  }

  async #readLeaving(): Promise<void> {
    for (const left of [...this.#leaving]) {
      await this.#readOn(left.life)
      if (this.#options.now() < left.until) continue
      this.#leaving.splice(this.#leaving.indexOf(left), 1)
      await this.#end(left.life)
    }
  }

  async #end(life: FileLife): Promise<void> {
    await this.#publishLines([life.flush({ final: true })])
    await this.#free(life)
  }

  async #free(life: FileLife): Promise<void> {
    this.#options.lives.release(life.key, life.position)
    await life.close()
  }

  async #publishLines(lines: readonly (RawLine | undefined)[]): Promise<void> {
    const now = this.#options.now()
    const events = lines.flatMap((raw): FollowedEvent[] =>
      raw === undefined
        ? []
        : [{ name: 'line', data: describeLine(raw, { now, earlier: raw.byte < this.#earlierBelow }) }],
    )
    if (events.length > 0) await this.#options.publish(events)
  }

  async #sayOnce(what: string, event: FollowedEvent): Promise<void> {
    if (this.#said === what) return
    this.#said = what
    await this.#options.publish([event])
  }

  #whereabouts(
    name: 'opened' | 'rotated' | 'truncated',
    life: FileLife,
    size = life.sizeAtOpening,
  ): FollowedEvent {
    return { name, data: { size: Math.max(size, life.position), from: life.position } }
  }
}

function startOfNewFile(life: FileLife, size: number): Promise<number> | number {
  if (size <= wholeFileLimit) return 0
  return findTailStart(life.file, size, { lines: Number.POSITIVE_INFINITY, bytes: wholeFileLimit })
}
