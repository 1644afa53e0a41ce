import { describe, expect, it } from 'vitest'
import { type Entry, markFor, type Standing, writingOf } from './entry.ts'
import { BrokenHistoryError, History } from './history.ts'

const beginning: Standing = { epoch: 'life', start: 0, head: 0, headTag: undefined }

function mark(place: number, standing: Standing): readonly Entry[] {
  return markFor(place, standing).entries
}

function records(
  place: number,
  standing: Standing,
  tag: string,
  ...keys: (string | undefined)[]
): readonly Entry[] {
  const added = keys.map((key, index) => ({
    topic: 'orders/1',
    event: 'placed',
    version: 1,
    time: index,
    data: 'null',
    tag,
    ...(key !== undefined && { key }),
  }))
  return writingOf(added, place, standing).entries
}

/** A mark at 0, and three records of one call at 1 to 3. */
function aHistory(): History {
  const [opening] = mark(0, beginning) as [Entry]
  const history = new History(opening, 1, 0)
  history.setFirst(0, opening)
  history.setKeys(new Map())
  history.take(records(1, beginning, 'aaa', 'a', undefined, 'b'), 1, 4, 0)
  return history
}

describe('what is read further on', () => {
  it('is taken once, however often it is read', () => {
    const history = aHistory()
    const more = records(4, history.standing, 'bbb', 'c')
    history.take(more, 4, 5, 0)
    history.take(more, 4, 5, 0)
    expect(history.bounds).toMatchObject({ epoch: 'life', first: 1, head: 4, headTag: 'bbb' })
    expect(history.end).toBe(5)
  })

  it('is not taken where something between is not known', () => {
    const history = aHistory()
    history.take(records(9, { ...history.standing, head: 7 }, 'bbb', 'c'), 9, 10, 0)
    expect(history.bounds.head).toBe(3)
    expect(history.end).toBe(4)
  })

  it.each([
    ['another record before it', { headTag: 'zzz' }],
    ['more records before it', { head: 5 }],
    ['fewer records before it', { head: 2 }],
    ['another life that nothing began', { epoch: 'other' }],
    ['another beginning', { start: 2 }],
  ])('is another log when it has %s', (_, other) => {
    const history = aHistory()
    const more = records(4, { ...history.standing, ...other }, 'bbb', 'c')
    expect(() => history.take(more, 4, 5, 0)).toThrow(BrokenHistoryError)
  })

  it('may begin a life that keeps what is held, or one that does not', () => {
    const history = aHistory()
    history.take(mark(4, { ...history.standing, epoch: 'renewed' }), 4, 5, 0)
    expect(history.bounds).toMatchObject({ epoch: 'renewed', first: 1, head: 3, headTag: 'aaa' })
    expect(history.positionOf('b')).toEqual({ epoch: 'renewed', offset: 3, tag: 'aaa' })
    history.take(mark(5, { epoch: 'new', start: 5, head: 0, headTag: undefined }), 5, 6, 0)
    expect(history.bounds).toMatchObject({ epoch: 'new', first: 1, head: 0 })
    expect(history.positionOf('b')).toBeUndefined()
    expect(history.recent(1, 10)).toEqual([])
  })
})

describe('keys', () => {
  it('are forgotten with their records, and may come again', () => {
    const history = aHistory()
    expect(history.positionOf('a')).toEqual({ epoch: 'life', offset: 1, tag: 'aaa' })
    const [, , third] = records(1, beginning, 'aaa', 'a', undefined, 'b')
    history.setFirst(3, third)
    expect(history.positionOf('a')).toBeUndefined()
    expect(history.positionOf('b')?.offset).toBe(3)
    history.take(records(4, history.standing, 'bbb', 'a'), 4, 5, 0)
    expect(history.positionOf('a')?.offset).toBe(4)
  })
})

describe('places', () => {
  it('are those of the last landmark before an offset', () => {
    const history = aHistory()
    history.addLandmark({ offset: 3, place: 7 })
    expect(history.landmark(2)).toEqual({ offset: 1, place: 0 })
    expect(history.landmark(3)).toEqual({ offset: 3, place: 7 })
    for (let offset = 4; offset < 1_000; offset += 1) history.addLandmark({ offset, place: 2 * offset })
    expect(history.landmark(999)).toEqual({ offset: 999, place: 1_998 })
    expect(history.landmark(2)).toEqual({ offset: 1, place: 0 })
  })
})
