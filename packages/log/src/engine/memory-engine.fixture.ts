import type { Position } from '@millrace/protocol'
import { randomEpoch } from '../epoch.ts'
import { judge, positionOf } from '../judge.ts'
import type { LogPage, LogRecord } from '../log.ts'
import { nextTurn } from '../next-turn.ts'
import type { AppendedRecord, Engine, EngineWatcher } from './engine.ts'

interface State {
  readonly epoch: string
  readonly first: number
  /** Also those that are forgotten, for their tags. */
  readonly records: readonly LogRecord[]
}

/** What several engines of one test share, as processes share a server. */
export interface MemoryEngineServer {
  connect(): Engine
  trim(keepFrom: number): void
  restart(): void
  /** Remembers what is held; what is returned puts it back. */
  backUp(): () => void
  /** While it is down every call fails; while it is frozen none is answered. */
  state: 'up' | 'down' | 'frozen'
  /** The most records of a page. */
  pageLimit: number
  /** How many records each append had. */
  readonly appended: number[]
}

/** An engine that answers in a later turn, and fails as engines do. */
export function memoryEngineServer(): MemoryEngineServer {
  let state: State = { epoch: randomEpoch(), first: 1, records: [] }
  const watchers = new Set<EngineWatcher>()
  const thaws = new Set<() => void>()

  const tagAt = (offset: number) => state.records[offset - 1]?.tag
  const page = (after: number, limit: number): LogPage => {
    const head = state.records.length
    const isHeld = after >= state.first - 1 && after <= head
    return {
      epoch: state.epoch,
      first: state.first,
      head,
      headTag: tagAt(head),
      records: isHeld ? state.records.slice(after, after + Math.min(limit, server.pageLimit)) : [],
      afterTag: isHeld ? tagAt(after) : undefined,
    }
  }
  const wake = () => {
    for (const watcher of [...watchers]) watcher.wake()
  }

  async function answer<Value>(task: () => Value): Promise<Value> {
    await new Promise<void>((resolve) => nextTurn(resolve))
    while (server.state === 'frozen') await new Promise<void>((resolve) => thaws.add(resolve))
    if (server.state === 'down') throw new Error('The engine is down')
    return task()
  }

  function append(appended: readonly AppendedRecord[]): readonly Position[] {
    const records = [...state.records]
    server.appended.push(appended.length)
    const positions = appended.map((record) => {
      const held = records.slice(state.first - 1)
      const known = record.key === undefined ? undefined : held.find(({ key }) => key === record.key)
      if (known !== undefined) return positionOf(state.epoch, known)
      const offset = records.push({ ...record, offset: records.length + 1 })
      return { epoch: state.epoch, offset, tag: record.tag }
    })
    state = { ...state, records }
    wake()
    return positions
  }

  function renew(lost: Position): boolean {
    const held = page(lost.offset, 0)
    const verdict = judge(lost, held, held.afterTag)
    if (verdict === 'ahead' || verdict === 'diverged') state = { ...state, epoch: randomEpoch() }
    wake()
    return state.epoch !== lost.epoch
  }

  let current: MemoryEngineServer['state'] = 'up'
  const server: MemoryEngineServer = {
    get state() {
      return current
    },
    set state(next) {
      current = next
      if (next === 'down') for (const watcher of watchers) watcher.failed(new Error('The link is down'))
      if (next === 'frozen') return
      for (const thaw of thaws) thaw()
      thaws.clear()
    },
    pageLimit: 300,
    appended: [],
    connect: () => ({
      append: (records) => answer(() => append(records)),
      read: (after, limit) => answer(() => page(after, limit)),
      renew: (lost) => answer(() => renew(lost)),
      watch(watcher) {
        watchers.add(watcher)
        return () => watchers.delete(watcher)
      },
      close: async () => {},
    }),
    trim(keepFrom) {
      const first = Math.min(Math.max(state.first, keepFrom), state.records.length + 1)
      state = { ...state, first }
    },
    restart() {
      state = { epoch: randomEpoch(), first: 1, records: [] }
      wake()
    },
    backUp() {
      const kept = state
      return () => {
        state = kept
        wake()
      }
    },
  }
  return server
}
