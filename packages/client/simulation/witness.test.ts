import { describe, expect, it } from 'vitest'
import type { Taking } from './scenario.ts'
import { States } from './states.ts'
import { Truth } from './truth.ts'
import { type Told, Witness } from './witness.ts'

// Whoever judges is judged first.
const taking: Taking = {
  address: 'orders/1',
  from: 'cursor',
  back: 0,
  form: 'handler',
  bare: false,
  states: false,
  pace: 'sync',
  fails: 0,
  closesAfter: 0,
  signal: false,
}

/** A log of `k`, with as many events of orders/1 as it is told, and a witness that stands before the first. */
function watch(records: number) {
  const truth = new Truth()
  const life = truth.begin('k')
  for (let n = 1; n <= records; n += 1) {
    life.records.push({
      topic: 'orders/1',
      event: 'placed',
      version: 1,
      time: 0,
      data: JSON.stringify({ n }),
    })
  }
  const faults: string[] = []
  const witness = new Witness(
    'it',
    taking,
    { epoch: 'k', offset: 0 },
    { truth, states: new States() },
    (fault) => faults.push(fault),
    () => true,
  )
  const event = (n: number): Told => ({ name: 'placed', id: `k.${n}`, topic: 'orders/1', data: { n } })
  const reset = (verdict: string, id: string): Told => ({
    name: 'millrace.reset',
    id,
    topic: 'orders/1',
    data: { verdict },
  })
  return { truth, life, faults, witness, event, reset }
}

describe('a witness', () => {
  it('has nothing to say of events that come once and in order, and is content after the last', () => {
    const { faults, witness, event } = watch(2)
    witness.told(event(1))()
    expect(witness.isContent).toBe(false)
    witness.told(event(2))()
    expect(witness.isContent).toBe(true)
    expect(faults).toEqual([])
  })

  it.each([
    ['one that was left out', [2], 'k.2 after k.0, where 1 was next'],
    ['one that comes twice', [1, 1], 'k.1 after k.1, where 2 was next'],
    ['one that comes late', [2, 1], 'k.1 after k.2, where 3 was next'],
    ['one that never was', [4], 'an event that never was, k.4'],
  ])('accuses %s', (_, offsets, fault) => {
    const { faults, witness, event } = watch(3)
    for (const offset of offsets) witness.told(event(offset))()
    expect(faults.at(-1)).toContain(fault)
  })

  it('accuses other data, an event while a handler is at work, and one after the end', () => {
    const { faults, witness, event } = watch(3)
    witness.told({ ...event(1), data: { n: 7 } })
    expect(faults.splice(0)).toEqual([expect.stringContaining('and was {"n":1}')])
    witness.told(event(2))()
    expect(faults.splice(0)).toEqual([expect.stringContaining('while it handles k.1')])
    witness.closed = true
    witness.told(event(3))()
    expect(faults).toEqual([expect.stringContaining('after it was closed')])
  })

  it('takes a reset that had to be, and goes on from there', () => {
    const { faults, witness, event, reset, life } = watch(3)
    life.trimmed = 2
    witness.told(reset('trimmed', 'k.2'))()
    witness.told(event(3))()
    expect(faults).toEqual([])
  })

  it('accuses a reset that need not be, one that skips what was held, and one that is told twice', () => {
    const { faults, witness, reset, life } = watch(3)
    witness.told(reset('trimmed', 'k.2'))()
    expect(faults.splice(0)).toEqual([expect.stringContaining('although the log still held')])
    life.trimmed = 2
    witness.told(reset('trimmed', 'k.2'))()
    expect(faults).toEqual([expect.stringContaining('it stood at k.2 already')])
  })

  it('accuses a new life of which no reset told', () => {
    const { truth, faults, witness, event } = watch(1)
    truth.begin('m').records.push({
      topic: 'orders/1',
      event: 'placed',
      version: 1,
      time: 0,
      data: '{"n":1}',
    })
    witness.told({ ...event(1), id: 'm.1' })()
    expect(faults).toEqual([expect.stringContaining('without a reset')])
  })
})
