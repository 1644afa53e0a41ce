import { describe, expect, it } from 'vitest'
import { Turns } from './turns.ts'

describe('turns', () => {
  it('are never two at once, and shared by all who ask before the next one begins', async () => {
    const ends: (() => void)[] = []
    let begun = 0
    const turns = new Turns(() => {
      begun += 1
      const number = begun
      return new Promise<number>((resolve) => ends.push(() => resolve(number)))
    })
    const first = [turns.take(), turns.take()]
    await Promise.resolve()
    const later = [turns.take(), turns.take()]
    expect(begun).toBe(1)
    ends[0]?.()
    expect(await Promise.all(first)).toEqual([1, 1])
    await Promise.resolve()
    expect(begun).toBe(2)
    ends[1]?.()
    expect(await Promise.all(later)).toEqual([2, 2])
  })

  it('go on after one that failed', async () => {
    let begun = 0
    const turns = new Turns(async () => {
      begun += 1
      if (begun === 1) throw new Error('no')
      return begun
    })
    const failed = turns.take()
    await expect(failed).rejects.toThrow('no')
    expect(await turns.take()).toBe(2)
  })
})
