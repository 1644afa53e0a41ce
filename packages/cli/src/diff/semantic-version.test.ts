import { describe, expect, it } from 'vitest'
import type { Level } from './level.ts'
import { isAtLeast, suggestedVersion } from './semantic-version.ts'

describe('the version that changes ask for', () => {
  it.each<[old: string, overall: Level, suggested: string | undefined]>([
    ['1.2.3', 'none', '1.2.3'],
    ['1.2.3', 'patch', '1.2.4'],
    ['1.2.3', 'minor', '1.3.0'],
    ['1.2.3', 'major', '2.0.0'],
    ['0.2.3', 'patch', '0.2.4'],
    ['0.2.3', 'minor', '0.2.4'],
    ['0.2.3', 'major', '0.3.0'],
    ['1.2.3+build', 'patch', '1.2.4'],
    ['2.0.0-beta.1', 'none', '2.0.0-beta.1'],
    ['2.0.0-beta.1', 'major', '2.0.0'],
    ['2.1.0-beta.1', 'major', '3.0.0'],
    ['2.1.0-beta.1', 'minor', '2.1.0'],
    ['2.1.1-beta.1', 'minor', '2.2.0'],
    ['2.1.1-beta.1', 'patch', '2.1.1'],
    ['0.3.0-beta.1', 'major', '0.3.0'],
    ['next', 'major', undefined],
    ['1.2', 'major', undefined],
  ])('%s with %s is %s', (old, overall, suggested) => {
    expect(suggestedVersion(old, { overall })).toBe(suggested)
  })
})

describe('a version', () => {
  // [semver.org §11] Their example of an order.
  const ascending = [
    '0.9.9',
    '1.0.0-alpha',
    '1.0.0-alpha.1',
    '1.0.0-alpha.beta',
    '1.0.0-beta',
    '1.0.0-beta.2',
    '1.0.0-beta.11',
    '1.0.0-rc.1',
    '1.0.0',
    '1.0.1',
    '1.10.0',
    '2.0.0',
  ]

  it('is at least each that comes before it, and itself', () => {
    for (const [index, version] of ascending.entries()) {
      for (const [place, other] of ascending.entries()) {
        expect([version, other, isAtLeast(version, other)]).toEqual([version, other, index >= place])
      }
    }
  })

  it('is compared without what it was built from', () => {
    expect(isAtLeast('1.0.0+a', '1.0.0+b')).toBe(true)
  })

  it('cannot be compared with what is none', () => {
    expect(isAtLeast('1.0.0', 'latest')).toBe(undefined)
  })
})
