import type { Level } from '@millrace/sample-contracts'
import { expect, it } from 'vitest'
import type { Entry } from './entry.ts'
import type { EntryFilter } from './entry-filter.ts'
import { EntryStore } from './entry-store.ts'
import { parseQuery } from './search-query.ts'
import { ShownEntries } from './shown-entries.ts'

const all: EntryFilter = { hiddenLevels: new Set(), hiddenFiles: new Set(), query: undefined }
const now = (run: () => void) => run()

function line(text: string, level: Level = 'info', file = 'a.log'): Entry {
  const rest = { continued: false, time: 0, byte: 0, omitted: 0, earlier: false }
  return { kind: 'line', file, level, text, ...rest }
}
const mark: Entry = { kind: 'mark', file: undefined, tone: 'break', text: 'break', time: 0 }

function search(typed: string): EntryFilter {
  const parsed = parseQuery(typed)
  return { ...all, query: parsed.ok ? parsed.query : undefined }
}

function texts(store: EntryStore, shown: ShownEntries): string[] {
  return Array.from({ length: shown.length }, (_, index) => store.at(shown.at(index) ?? -1)?.text ?? '?')
}

it('drops the oldest beyond the limit, and tells how many went from the front', () => {
  const store = new EntryStore(3)
  const shown = new ShownEntries(store, search('x'), now)
  store.append([line('x1'), line('2'), mark, line('x4')])
  expect(shown.update()).toBe(0)
  expect(texts(store, shown)).toEqual(['break', 'x4'])
  expect(shown.lines).toBe(1)
  store.append([line('x5'), line('x6')])
  expect(shown.update()).toBe(1)
  expect(texts(store, shown)).toEqual(['x4', 'x5', 'x6'])
  expect(shown.lines).toBe(3)
  expect([store.lines, store.droppedLines]).toEqual([3, 2])
})

it('counts lines by level and file, and forgets those that it drops', () => {
  const store = new EntryStore(2)
  store.append([line('1', 'error'), line('2', 'info', 'b.log'), line('3', 'error')])
  expect(store.countOfLevel('error')).toBe(1)
  expect(store.countOfFile('b.log')).toBe(1)
  expect(store.countOfFile('a.log')).toBe(1)
  store.clear()
  expect([store.lines, store.countOfLevel('error'), store.first, store.end]).toEqual([0, 0, 3, 3])
})

it('filters by level and by file, and keeps marks of shown files', () => {
  const store = new EntryStore(10)
  const shown = new ShownEntries(store, all, now)
  store.append([line('1', 'error'), line('2', 'info', 'b.log'), mark, { ...mark, file: 'b.log', text: 'b' }])
  shown.apply({ ...all, hiddenLevels: new Set(['error']), hiddenFiles: new Set(['b.log']) }, () => {})
  expect(texts(store, shown)).toEqual(['break'])
})

it('goes on with the old filter until the new one is worked out, and misses nothing that came meanwhile', () => {
  const store = new EntryStore(100)
  const waiting: (() => void)[] = []
  const shown = new ShownEntries(store, all, (run) => waiting.push(run), 10)
  store.append(Array.from({ length: 25 }, (_, index) => line(index % 2 === 0 ? 'even' : 'odd')))
  shown.update()
  let done = false
  shown.apply(search('even'), () => {
    done = true
  })
  expect(shown.length).toBe(25)
  store.append([line('even, late')])
  shown.update()
  expect(shown.length).toBe(26)
  while (waiting.length > 0) waiting.shift()?.()
  expect(done).toBe(true)
  expect(shown.length).toBe(14)
  store.append([line('odd'), line('even')])
  shown.update()
  expect(shown.length).toBe(15)
})

it('lets go of a filter when the next one comes', () => {
  const store = new EntryStore(100)
  const waiting: (() => void)[] = []
  const shown = new ShownEntries(store, all, (run) => waiting.push(run), 1)
  store.append([line('a'), line('b'), line('c')])
  const applied: string[] = []
  for (const typed of ['a', 'b']) shown.apply(search(typed), () => applied.push(typed))
  while (waiting.length > 0) waiting.shift()?.()
  expect(applied).toEqual(['b'])
  expect(texts(store, shown)).toEqual(['b'])
})

it('finds the place of an entry by its number', () => {
  const store = new EntryStore(5)
  const shown = new ShownEntries(store, search('x'), now)
  store.append(['x', '-', 'x', '-', '-', 'x'].map((text) => line(text)))
  shown.update()
  expect([0, 2, 3, 5, 6].map((number) => shown.indexOf(number))).toEqual([0, 0, 1, 1, 2])
})
