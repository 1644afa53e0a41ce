import type { Position } from '@millrace/protocol'
import { judge } from '../judge.ts'
import type { Log, LogBounds, LogRecord, NewRecord } from '../log.ts'
import { check, checkEqual } from './check.ts'
import { randomFrom } from './explore.ts'
import type { LogHarness } from './harness.ts'
import { aRecord, type Stage } from './stage.ts'
import type { Watcher } from './watcher.ts'

/**
 * One thing done to a log. A `place` is any whole number from 0 on; it is folded into the offsets from 0 to two above
 * the head, so that it means the same kind of place however long the log has become.
 */
export type Step =
  /** One call with a record for each entry, which is the number of a key or `undefined` for none; not awaited. */
  | { readonly kind: 'append'; readonly keys: readonly (number | undefined)[] }
  | { readonly kind: 'read'; readonly place: number; readonly limit: number }
  | { readonly kind: 'trim'; readonly place: number }
  | { readonly kind: 'tail'; readonly place: number }
  /** Stops one of the open tails. */
  | { readonly kind: 'stop'; readonly which: number }
  /** Waits for all appends. */
  | { readonly kind: 'wait' }

/** A log as one would draw it: an array, of which a beginning is gone. */
class ModelLog {
  readonly records: LogRecord[] = []
  first = 1
  readonly #keyed = new Map<string, number>()

  get head(): number {
    return this.records.length
  }

  append(records: readonly NewRecord[]): number[] {
    return records.map((record) => {
      const known = record.key === undefined ? undefined : this.#keyed.get(record.key)
      if (known !== undefined && known >= this.first) return known
      const offset = this.head + 1
      this.records.push({ ...record, offset })
      if (record.key !== undefined) this.#keyed.set(record.key, offset)
      return offset
    })
  }

  trim(keepFrom: number): void {
    this.first = Math.max(this.first, Math.min(keepFrom, this.head + 1))
  }

  /** Whether a key has been used by a record that is gone. */
  outlived(key: string): boolean {
    const offset = this.#keyed.get(key)
    return offset !== undefined && offset < this.first
  }
}

/** Plays steps against a log and a model, and fails where they part. */
export async function play<L extends Log>(
  stage: Stage<L>,
  harness: LogHarness<L>,
  steps: readonly Step[],
): Promise<void> {
  const model = new ModelLog()
  const { epoch } = await stage.log.bounds()
  const open: Watcher[] = []
  const watched: { watcher: Watcher; from: number; reset: boolean }[] = []
  let pending: Promise<void>[] = []
  // What is known to be durable: the log's head is between it and the model's.
  let durable = 0
  let number = 0

  const wait = async () => {
    await Promise.all(pending)
    pending = []
    durable = model.head
  }
  const bounds = (): LogBounds => ({ epoch, first: model.first, head: model.head })
  const place = (step: { readonly place: number }) => step.place % (model.head + 3)

  for (const step of steps) {
    switch (step.kind) {
      case 'append': {
        const records = step.keys.map((key) => {
          number += 1
          if (key === undefined) return aRecord(number)
          const name = `key-${key}`
          const usable = harness.keysOutliveRecords !== true || !model.outlived(name)
          return usable ? aRecord(number, { key: name }) : aRecord(number)
        })
        const expected = model.append(records).map((offset): Position => ({ epoch, offset }))
        const answer = stage.log.append(records)
        const checked = answer.then((positions) => checkEqual(positions, expected, 'the positions'))
        // A failure is told by `wait`; until then it must not count as one that nobody handles.
        checked.catch(() => {})
        pending.push(checked)
        break
      }
      case 'read': {
        const after = place(step)
        const page = await stage.log.read(after, step.limit)
        checkEqual({ epoch: page.epoch, first: page.first }, { epoch, first: model.first }, 'epoch and first')
        check(
          page.head >= durable && page.head <= model.head,
          `the head is ${page.head}, not ${durable} to ${model.head}`,
        )
        const readable = judge({ epoch, offset: after }, page) === 'resumed'
        const available = readable ? model.records.slice(after, Math.min(after + step.limit, page.head)) : []
        checkEqual(page.records, available.slice(0, page.records.length), `the records after ${after}`)
        check(page.records.length > 0 || available.length === 0, `no records after ${after}`)
        break
      }
      case 'trim': {
        if (harness.trim === undefined) break
        // What is trimmed must not depend on which appends have arrived.
        await wait()
        const keepFrom = Math.min(place(step), model.head + 1)
        await harness.trim(stage.log, keepFrom)
        model.trim(keepFrom)
        checkEqual(await stage.log.bounds(), bounds(), 'the bounds')
        break
      }
      case 'tail': {
        await wait()
        const from = place(step)
        const reset = judge({ epoch, offset: from }, bounds()) !== 'resumed'
        const watcher = stage.watch({ epoch, offset: from })
        open.push(watcher)
        watched.push({ watcher, from, reset })
        // The next append could make a place beyond the head one within.
        if (reset) await watcher.untilReset()
        break
      }
      case 'stop':
        if (open.length > 0) open.splice(step.which % open.length, 1)[0]?.stop()
        break
      case 'wait':
        await wait()
        break
    }
  }

  await wait()
  for (const watcher of open) await watcher.untilOffset(model.head)
  for (const { watcher, from, reset } of watched) {
    const expected = watcher.received.map(({ offset }) => model.records[offset - 1])
    checkEqual(watcher.received, expected, 'what was told')
    const begun = watcher.received[0]?.offset
    check(
      reset || watcher.resets.length > 0 || begun === undefined || begun === from + 1,
      'a tail began elsewhere',
    )
    checkEqual(watcher.errors, [], 'the errors')
  }
  checkEqual(await stage.log.bounds(), bounds(), 'the bounds at the end')
  checkEqual(
    await stage.readAll(model.first - 1),
    model.records.slice(model.first - 1),
    'the records at the end',
  )
}

/** Steps that look random and are the same for the same seed, on every machine. */
export function stepsOf(seed: number, count: number): Step[] {
  const next = randomFrom(seed)
  const random = (below: number): number => Math.floor(next() * below)
  const step = (): Step => {
    const dice = random(20)
    if (dice < 9) {
      return {
        kind: 'append',
        keys: Array.from({ length: random(5) }, () => (random(3) === 0 ? random(12) : undefined)),
      }
    }
    if (dice < 13) return { kind: 'read', place: random(10_000), limit: 1 + random(20) }
    if (dice < 15) return { kind: 'trim', place: random(10_000) }
    if (dice < 17) return { kind: 'tail', place: random(10_000) }
    if (dice < 18) return { kind: 'stop', which: random(100) }
    return { kind: 'wait' }
  }
  return Array.from({ length: count }, step)
}
