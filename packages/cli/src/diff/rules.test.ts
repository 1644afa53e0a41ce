import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { rules } from './rules.ts'

const page = await readFile(new URL('../../../../docs/compatibility.md', import.meta.url), 'utf8')

/** The rows of the tables of rules: a rule, its levels, an example and a reason. */
const rows = page
  .split('\n')
  .filter((line) => /^\| `[a-z-]+` \|.*\|.*\|.*\|/.test(line))
  .map((line) => {
    const [, rule = '', wire, source, replay, example, why] = line
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim())
    return { rule: rule.slice(1, -1), wire, source, replay, example, why }
  })

describe('docs/compatibility.md', () => {
  it('has each rule once, and no other', () => {
    expect(rows.map(({ rule }) => rule).toSorted()).toEqual(Object.keys(rules).toSorted())
  })

  it.each(rows)('has the levels of $rule', ({ rule, wire, source, replay }) => {
    expect({ wire, source, replay }).toEqual(rules[rule as keyof typeof rules])
  })

  it.each(rows)('has an example and a reason for $rule', ({ example, why }) => {
    expect([example, why]).not.toContain('')
    expect([example, why]).not.toContain(undefined)
  })
})
