import type { Schema } from '@millrace/contract'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import type { ContractModel } from '../model/contract-model.ts'
import { formatPlace } from '../model/place.ts'
import { compareContracts } from './compare-contracts.ts'
import { rules } from './rules.ts'
import { table } from './table/table.fixture.ts'
import { createRandom } from './testing/random.fixture.ts'
import { nothing, randomValue } from './testing/random-value.fixture.ts'
import { verdictOf } from './verdict.ts'

describe('what is said when', () => {
  it.each(table)('$change', ({ old, next, changes, verdict }) => {
    const found = compareContracts(old, next)
    const { wire, source, replay } = verdictOf(found)
    expect({
      changes: found.map(({ rule, place }) => `${rule} ${formatPlace(place)}`).sort(),
      verdict: [wire, source, replay],
    }).toEqual({ changes, verdict })
  })

  it('comes to each rule', () => {
    const met = new Set(table.flatMap(({ changes }) => changes.map((change) => change.split(' ')[0])))
    expect(Object.keys(rules).filter((rule) => !met.has(rule))).toEqual([])
  })
})

// TypeScript bears out the source level of these rows, where they are written.
describe('Zod bears out that', () => {
  const rows = table.flatMap((row) => (row.data === undefined ? [] : [{ ...row, data: row.data }]))

  it.each(rows)('on the wire, $change', ({ next, data, verdict: [wire] }) => {
    const written = [...valuesOf(next), ...data.values].flatMap((value) => sent(data.next, value))
    expect(written).not.toEqual([])
    expect(written.some((value) => !reads(data.old, value))).toBe(wire === 'major')
  })

  it.each(rows)('in the log, $change', ({ old, data, verdict: [, , replay] }) => {
    const held = [...valuesOf(old), ...data.values].filter((value) => reads(data.old, value))
    expect(held).not.toEqual([])
    expect(held.some((value) => !reads(data.next, value))).toBe(replay === 'major')
  })
})

function valuesOf({ channels, definitions }: ContractModel): readonly unknown[] {
  const schema = channels[0]?.events[0]?.schema ?? true
  const random = createRandom(1)
  return Array.from({ length: 200 }, () => randomValue(schema, definitions, random)).filter(
    (value) => value !== nothing,
  )
}

function reads(schema: Schema, value: unknown): boolean {
  return z.safeDecode(schema, value).success
}

/** What a publisher of such data sends. */
function sent(schema: Schema, value: unknown): readonly unknown[] {
  const data = z.safeDecode(schema, value)
  const wire = data.success ? z.safeEncode(schema, data.data) : data
  return wire.success ? [JSON.parse(JSON.stringify(wire.data))] : []
}
