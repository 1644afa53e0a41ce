import type { AppendedRecord } from '@millrace/log/engine'
import type { Position } from '@millrace/protocol'
import type { History } from './history.ts'

/** Which records are new, and what is answered for all of them once those stand after a head. */
export function planOf(
  records: readonly AppendedRecord[],
  history: History,
): {
  readonly added: readonly AppendedRecord[]
  readonly answer: (epoch: string, head: number) => readonly Position[]
} {
  const added: AppendedRecord[] = []
  const indexes = new Map<string, number>()
  const places = records.map((record): Position | number => {
    const { key } = record
    const known = key === undefined ? undefined : (history.positionOf(key) ?? indexes.get(key))
    if (known !== undefined) return known
    const index = added.push(record) - 1
    if (key !== undefined) indexes.set(key, index)
    return index
  })
  const answer = (epoch: string, head: number) =>
    places.map((place) =>
      typeof place === 'number' ? { epoch, offset: head + place + 1, tag: added[place]?.tag ?? '' } : place,
    )
  return { added, answer }
}
