import { describe, expect, it } from 'vitest'
import { Endings } from './endings.ts'

const at = (offset: number, epoch = 'e1') => ({ epoch, offset })

describe('the topics that are complete', () => {
  it('are so from the first record that says it', () => {
    const endings = new Endings()
    endings.begin('e1')
    for (const offset of [7, 5, 9]) endings.note('a', at(offset))
    expect(endings.of('a')).toBe(5)
    expect(endings.of('b')).toBeUndefined()
  })

  it('are of one life of the log', () => {
    const endings = new Endings()
    endings.note('a', at(1))
    endings.note('b', at(1, 'e2'))
    expect([endings.of('a'), endings.of('b')]).toEqual([1, undefined])
    endings.begin('e1')
    expect(endings.of('a')).toBe(1)
    endings.begin('e2')
    expect(endings.of('a')).toBeUndefined()
  })

  it('are forgotten where a log has lost them before it was followed', () => {
    const endings = new Endings()
    for (const [index, address] of ['trimmed', 'held', 'lost', 'ended anew'].entries())
      endings.note(address, at(index + 1))
    endings.begin('e1')
    endings.doubt(2)
    endings.note('held', at(2))
    endings.note('ended anew', at(9))
    endings.settle()
    expect(['trimmed', 'held', 'lost', 'ended anew'].map((address) => endings.of(address))).toEqual([
      1,
      2,
      undefined,
      9,
    ])
  })

  it('are forgotten when there are too many, the oldest first', () => {
    const endings = new Endings()
    for (let offset = 1; offset <= 100_001; offset += 1) endings.note(`t/${offset}`, at(offset))
    expect([endings.of('t/1'), endings.of('t/2'), endings.of('t/100001')]).toEqual([undefined, 2, 100_001])
  })

  it('are told each time', () => {
    const endings = new Endings()
    const told: string[] = []
    endings.listen((address) => told.push(address))
    for (const epoch of ['e1', 'e1', 'e2']) endings.note('a', at(1, epoch))
    expect(told).toEqual(['a', 'a'])
  })
})
