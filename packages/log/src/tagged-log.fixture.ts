import type { Position } from '@millrace/protocol'
import { LogClosedError } from './errors.ts'
import { beforeFirst, headOf, judge, positionOf } from './judge.ts'
import type { Log, LogBounds, LogPage, LogRecord, NewRecord, TailObserver } from './log.ts'
import { randomTag } from './tag.ts'

/** A small log with tags that can be put back to an older state under the same epoch. */
export interface TaggedLog extends Log {
  trim(keepFrom: number): void
  /** Remembers what is held; what is returned puts it back. */
  backUp(): () => void
}

interface State {
  readonly records: readonly LogRecord[]
  readonly first: number
}

export function taggedLog(epoch: string): TaggedLog {
  // Also what is forgotten, for its tags.
  let state: State = { records: [], first: 1 }
  let closed = false
  const looks = new Set<() => void>()

  const refuseWhenClosed = () => {
    if (closed) throw new LogClosedError()
  }
  const tagAt = (offset: number) => state.records[offset - 1]?.tag
  const bounds = (): LogBounds => {
    refuseWhenClosed()
    const head = state.records.length
    return { epoch, first: state.first, head, headTag: tagAt(head) }
  }
  const page = (after: number, limit: number): LogPage => {
    const held = bounds()
    const isHeld = after >= held.first - 1
    const records = isHeld ? state.records.slice(after, after + limit) : []
    return { ...held, records, afterTag: isHeld ? tagAt(after) : undefined }
  }
  const wake = () => {
    for (const look of looks) queueMicrotask(look)
  }

  return {
    async append(appended: readonly NewRecord[]) {
      refuseWhenClosed()
      const records = [...state.records]
      const tag = randomTag()
      const positions = appended.map((record) => {
        const held = records.slice(state.first - 1)
        const known = record.key === undefined ? undefined : held.find(({ key }) => key === record.key)
        if (known !== undefined) return positionOf(epoch, known)
        const offset = records.push({ ...record, offset: records.length + 1, tag })
        return { epoch, offset, tag }
      })
      state = { ...state, records }
      wake()
      return positions
    },
    read: async (after, limit) => page(after, limit),
    bounds: async () => bounds(),
    tail(after: Position, observer: TailObserver) {
      refuseWhenClosed()
      let position = after
      const look = (): void => {
        if (!looks.has(look)) return
        const next = page(position.offset, Number.POSITIVE_INFINITY)
        const { records, afterTag, ...held } = next
        if (judge(position, next, afterTag) !== 'resumed') {
          position = beforeFirst(held)
          tell(() => observer.reset(held))
          queueMicrotask(look)
        } else if (records.length > 0) {
          position = headOf(held)
          tell(() => observer.records(records))
        }
      }
      const tell = (call: () => void) => {
        try {
          call()
        } catch (error) {
          observer.error?.(error)
        }
      }
      looks.add(look)
      queueMicrotask(look)
      return () => looks.delete(look)
    },
    async close() {
      closed = true
      looks.clear()
    },
    trim(keepFrom) {
      state = { ...state, first: Math.min(Math.max(state.first, keepFrom), state.records.length + 1) }
    },
    backUp() {
      const kept = state
      return () => {
        state = kept
        wake()
      }
    },
  }
}
