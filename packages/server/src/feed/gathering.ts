import type { Entry } from './entry.ts'
import type { Follower } from './follower.ts'
import { FrameRun } from './frame-run.ts'

const none: readonly string[] = []

/** What came in one turn, as a run of frames for each of those who want some of it. */
export class Gathering {
  readonly #empty = FrameRun.emptyInOrder()
  readonly #followers: Follower[] = []
  // Few topics end, and most turns end none.
  #ended: Map<Follower, string[]> | undefined

  /** Whether nobody wants anything. */
  get isEmpty(): boolean {
    return this.#followers.length === 0
  }

  /** Notes that a follower wants an entry. Bound, so that one function serves all entries of a turn. */
  readonly add = (follower: Follower, entry: Entry): void => {
    if (!follower.live) return
    const { gathered } = follower
    if (gathered === undefined) this.#followers.push(follower)
    // Through two of its interests it is still one entry.
    if (gathered?.lastOffset !== entry.offset) {
      const run = (gathered ?? this.#empty).with(entry)
      if (gathered !== undefined) gathered.takers -= 1
      run.takers += 1
      follower.gathered = run
    }
    if (entry.isEnd) this.#end(follower, entry.topic)
  }

  /** Gives each what was gathered for it. One that throws must not cost the others their events. */
  push(onError: (error: unknown) => void): void {
    for (const follower of this.#followers) {
      const run = follower.gathered as FrameRun
      follower.gathered = undefined
      try {
        follower.push(run, this.#ended?.get(follower) ?? none)
      } catch (error) {
        onError(error)
      }
    }
  }

  #end(follower: Follower, topic: string): void {
    this.#ended ??= new Map()
    this.#ended.set(follower, [...(this.#ended.get(follower) ?? []), topic])
  }
}
