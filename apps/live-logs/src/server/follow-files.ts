import { type FSWatcher, watch } from 'node:fs'
import { glob } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { FileFollower } from './file-follower.ts'
import { readFileState } from './file-state.ts'
import { type FollowTarget, isReadableName } from './follow-target.ts'
import type { FollowedEvent } from './followed-event.ts'
import { LifeRegistry } from './life-registry.ts'

/** What is followed, and where its events go. Times are in milliseconds. */
export interface FollowFilesOptions {
  readonly targets: readonly FollowTarget[]
  /** Takes the events of one file, in order. That file is not read further until it resolves. */
  readonly publish: (path: string, events: readonly FollowedEvent[]) => Promise<void>
  /** What went wrong while following: a failed `publish`, for one. Following goes on. */
  readonly onError: (error: unknown, path: string) => void
  /** Lines to read from the end of files that are already there. @default 200 */
  readonly lines?: number
  /** How often every file is looked at. @default 250 */
  readonly interval?: number
  /** How often patterns look for new files. @default 2000 */
  readonly searchInterval?: number
  readonly now?: () => number
  /** Runs a function again and again until the returned function is called. @default setInterval */
  readonly every?: (interval: number, run: () => void) => () => void
  /** Whether the system may tell of changes before the next look. @default true */
  readonly hints?: boolean
}

/** How long what the system tells is gathered, in milliseconds: a busy file would else be looked at without a pause. */
const gatherTime = 20

/** Files being followed. */
export interface FollowedFiles {
  /** Paths of the files that are followed now. */
  paths(): readonly string[]
  /** Looks for new files and at every file, and waits for it. */
  look(): Promise<void>
  close(): Promise<void>
}

/**
 * Follows files and patterns. Looking at every file in turn is what finds changes, on any file system; what the
 * system tells by itself only makes a look come sooner. Resolves when what was there has been published.
 */
export async function followFiles(options: FollowFilesOptions): Promise<FollowedFiles> {
  const { targets, publish, onError, lines = 200, hints = true } = options
  const { interval = 250, searchInterval = 2000, now = Date.now, every = everyInterval } = options
  const followers = new Map<string, FileFollower>()
  const byPattern = new Set<string>()
  const watchers = new Map<string, FSWatcher>()
  const lives = new LifeRegistry()
  const hinted = new Set<FileFollower>()
  let searchHinted = false
  let gathering: ReturnType<typeof setTimeout> | undefined
  let closed = false
  let searching: Promise<void> | undefined

  function follow(path: string, found: boolean): FileFollower {
    const follower = new FileFollower({
      path,
      lines,
      lives,
      now,
      found,
      publish: (events) => publish(path, events),
    })
    followers.set(path, follower)
    if (hints) watchFolder(dirname(path))
    return follower
  }

  async function lookAt(follower: FileFollower): Promise<void> {
    try {
      await follower.look()
    } catch (error) {
      if (!closed) onError(error, follower.path)
    }
    // A pattern finds the name again when it comes back.
    if (follower.gone && byPattern.delete(follower.path)) followers.delete(follower.path)
  }

  /** Looks for what patterns find beyond what is followed. */
  async function searchOnce(atStart: boolean): Promise<void> {
    for (const target of targets) {
      if (target.kind !== 'pattern') continue
      for await (const name of glob(target.pattern, { cwd: target.from })) {
        const path = resolve(target.from, name)
        if (closed) return
        if (followers.has(path) || !isReadableName(path) || !(await isFile(path))) continue
        byPattern.add(path)
        follow(path, !atStart)
      }
    }
  }

  function search(atStart = false): Promise<void> {
    searching ??= searchOnce(atStart)
      .catch((error: unknown) => onError(error, 'patterns'))
      .finally(() => {
        searching = undefined
      })
    return searching
  }

  async function lookAtAll(): Promise<void> {
    await Promise.all([...followers.values()].map(lookAt))
  }

  function watchFolder(folder: string): void {
    if (watchers.has(folder)) return
    try {
      // Without `persistent: false` a watcher alone would keep the process alive.
      const watcher = watch(folder, { persistent: false }, (kind, name) => hint(folder, kind, name))
      watcher.on('error', () => unwatch(folder))
      watchers.set(folder, watcher)
    } catch {
      // No such folder yet, or no watchers left: looking finds the changes all the same.
    }
  }

  function unwatch(folder: string): void {
    watchers.get(folder)?.close()
    watchers.delete(folder)
  }

  function hint(folder: string, kind: string, name: string | null): void {
    if (closed) return
    const named = name === null ? undefined : followers.get(join(folder, basename(name)))
    if (named !== undefined) hinted.add(named)
    else if (kind === 'rename' && targets.some((target) => target.kind === 'pattern')) searchHinted = true
    else return
    gathering ??= setTimeout(followHints, gatherTime)
  }

  function followHints(): void {
    gathering = undefined
    for (const follower of hinted) void lookAt(follower)
    hinted.clear()
    if (searchHinted) void search().then(lookAtAll)
    searchHinted = false
  }

  for (const target of targets) {
    if (target.kind === 'file' && !followers.has(target.path)) follow(target.path, false)
  }
  await search(true)
  await lookAtAll()

  const stops = [every(interval, () => void lookAtAll()), every(searchInterval, () => void search())]

  return {
    paths: () => [...followers.keys()],
    async look() {
      await search()
      await lookAtAll()
    },
    async close() {
      closed = true
      clearTimeout(gathering)
      for (const stop of stops) stop()
      for (const folder of [...watchers.keys()]) unwatch(folder)
      await searching
      await Promise.all([...followers.values()].map((follower) => follower.close()))
    },
  }
}

async function isFile(path: string): Promise<boolean> {
  return (await readFileState(path)).kind === 'file'
}

function everyInterval(interval: number, run: () => void): () => void {
  const timer = setInterval(run, interval)
  return () => clearInterval(timer)
}
