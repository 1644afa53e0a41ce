import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import type { Rule } from './rule.ts'
import { rules } from './rules.ts'

const page = await readFile(new URL('../../../../docs/lint.md', import.meta.url), 'utf8')

/** The rows of the tables of rules. */
const rows = page
  .split('\n')
  .filter((line) => /^\| `[a-z-]+` \|/.test(line))
  .map((line) => {
    const [, rule = '', severity, summary, example, why] = line.split(/(?<!\\)\|/).map((cell) => cell.trim())
    return { rule: rule.slice(1, -1), severity, summary, example, why }
  })

describe('docs/lint.md', () => {
  it('has each rule once, in the order of the rules, and no other', () => {
    expect(rows.map(({ rule }) => rule)).toEqual(Object.keys(rules))
  })

  it.each(rows)('says of $rule what it is', ({ rule, severity, summary, example, why }) => {
    const { onRequest = false, ...known }: Rule = rules[rule as keyof typeof rules]
    expect({ severity, summary }).toEqual({
      severity: onRequest ? `${known.severity}, on request` : known.severity,
      summary: known.summary,
    })
    expect(example).not.toBe('')
    expect(why).not.toBe('')
  })
})
