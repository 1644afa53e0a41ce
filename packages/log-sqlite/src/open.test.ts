import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { LogClosedError } from '@millrace/log'
import { MillraceError } from '@millrace/protocol'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SqliteLogError } from './errors.ts'
import { aRecord, follow, readAll } from './follow.fixture.ts'
import { renewEpoch } from './renew-epoch.ts'
import { sqliteLog } from './sqlite-log.ts'
import { temporaryDirectory } from './temporary.fixture.ts'

let directory: ReturnType<typeof temporaryDirectory>
let file: string
beforeEach(() => {
  directory = temporaryDirectory('memory')
  file = directory.file()
})
afterEach(() => directory.remove())

function problemOf(open: () => unknown): SqliteLogError {
  try {
    open()
  } catch (error) {
    if (SqliteLogError.isInstance(error)) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

const opening = () => sqliteLog({ file, lockTimeout: 50 })

describe('options', () => {
  it.each([
    { maxRecords: 0 },
    { maxRecords: Number.NaN },
    { maxAge: 0 },
    { maxAge: Number.NaN },
    { maxBytes: 0 },
    { maxBytes: Number.NaN },
    { lockTimeout: -1 },
    { pollInterval: 0 },
    { pollInterval: Number.POSITIVE_INFINITY },
  ])('refuses %j', (options) => {
    expect(() => sqliteLog({ file, ...options })).toThrow(RangeError)
  })

  it.each(['', ':memory:'])('refuses the file %j, which every connection would have for itself', (name) => {
    expect(() => sqliteLog({ file: name })).toThrow(TypeError)
  })

  it('takes a path and a URL for the same file', async () => {
    const one = sqliteLog({ file })
    await one.append([aRecord(1)])
    const other = sqliteLog({ file: pathToFileURL(file) })
    expect(await other.bounds()).toEqual(await one.bounds())
    await Promise.all([one.close(), other.close()])
  })
})

describe('a file that is no log', () => {
  it('is told when it is no database, and stays as it is', () => {
    writeFileSync(file, 'a letter to somebody, longer than the sixteen bytes of a header'.repeat(100))
    const before = readFileSync(file)
    const error = problemOf(opening)
    expect(error).toMatchObject({ problem: 'not-a-log', file, code: 'log-sqlite', name: 'SqliteLogError' })
    expect(MillraceError.isInstance(error)).toBe(true)
    expect(readFileSync(file)).toEqual(before)
  })

  it("is told when it is another program's database, and stays as it is", () => {
    const other = new DatabaseSync(file)
    other.exec('CREATE TABLE customers (name TEXT); INSERT INTO customers VALUES (1)')
    other.close()
    const before = readFileSync(file)
    expect(problemOf(opening).problem).toBe('not-a-log')
    expect(readFileSync(file)).toEqual(before)
  })

  it('is told when a later version wrote it', async () => {
    await opening().close()
    const later = new DatabaseSync(file)
    later.exec('PRAGMA user_version = 99')
    later.close()
    const error = problemOf(opening)
    expect(error.problem).toBe('newer')
    expect(error.message).toContain('format 99')
    expect(error.message).toContain('Upgrade')
  })

  it('is told when its tables are missing', async () => {
    await opening().close()
    const other = new DatabaseSync(file)
    other.exec('DROP TABLE records')
    other.close()
    expect(problemOf(opening)).toBeInstanceOf(SqliteLogError)
  })

  it('is told when it is a directory, or in none', () => {
    mkdirSync(file)
    expect(problemOf(opening).problem).toBe('unavailable')
    file = directory.file('nowhere/events.db')
    expect(problemOf(opening).problem).toBe('unavailable')
  })

  it('is told when it is damaged, at the latest by the read that meets the damage', async () => {
    const log = opening()
    await log.append(
      Array.from({ length: 500 }, (_, number) => aRecord(number, JSON.stringify('x'.repeat(500)))),
    )
    await log.close()
    const bytes = readFileSync(file)
    // Every page but the first ones.
    bytes.fill(0x5a, 4096 * 6)
    writeFileSync(file, bytes)
    const damaged = async () => {
      const again = opening()
      try {
        await readAll(again)
      } finally {
        await again.close()
      }
    }
    await expect(damaged()).rejects.toMatchObject({ problem: 'damaged' })
  })

  it('is told when it may not be written', async ({ skip }) => {
    await opening().close()
    chmodSync(file, 0o444)
    // Root may write it all the same, unless the file system itself forbids it.
    const isRoot = process.getuid?.() === 0
    if (isRoot && spawnSync('chattr', ['+i', file]).status !== 0) skip()
    const error = problemOf(opening)
    if (isRoot) spawnSync('chattr', ['-i', file])
    expect(error.problem).toBe('read-only')
    chmodSync(file, 0o644)
    await opening().close()
  })

  it('may be empty: then it becomes one', async () => {
    writeFileSync(file, '')
    const log = opening()
    expect(await log.append([aRecord(1)])).toMatchObject([{ offset: 1 }])
    await log.close()
  })
})

describe('a locked file', () => {
  it('is told when the lock outlasts the patience, and works again afterwards', async () => {
    const log = opening()
    const other = new DatabaseSync(file)
    other.exec('BEGIN IMMEDIATE')
    const begun = performance.now()
    await expect(log.append([aRecord(1)])).rejects.toMatchObject({ problem: 'locked' })
    expect(performance.now() - begun).toBeGreaterThanOrEqual(50)
    expect(await log.bounds()).toMatchObject({ head: 0 })
    other.close()
    expect(await log.append([aRecord(2)])).toMatchObject([{ offset: 1 }])
    await log.close()
  })

  it('delays what is appended meanwhile, in its order, and the event loop goes on', async () => {
    const log = sqliteLog({ file })
    const other = new DatabaseSync(file)
    other.exec('BEGIN IMMEDIATE')
    const appends = [1, 2, 3].map((number) => log.append([aRecord(number)]))
    for (let turn = 0; turn < 20; turn += 1) await new Promise<void>((resolve) => setTimeout(resolve, 1))
    other.close()
    expect((await Promise.all(appends)).flat().map(({ offset }) => offset)).toEqual([1, 2, 3])
    await log.close()
  })

  it('can be opened and read', async () => {
    const log = sqliteLog({ file })
    await log.append([aRecord(1)])
    const other = new DatabaseSync(file)
    other.exec('BEGIN IMMEDIATE')
    const second = opening()
    expect(await readAll(second)).toHaveLength(1)
    other.close()
    await Promise.all([log.close(), second.close()])
  })

  it('is told when it is held so that nobody else may even read', async () => {
    await opening().close()
    const other = new DatabaseSync(file)
    other.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE; COMMIT; BEGIN EXCLUSIVE')
    expect(problemOf(opening).problem).toBe('locked')
    other.close()
    await opening().close()
  })
})

describe('a file that an earlier version wrote', () => {
  // As it was, whatever becomes of the present format.
  const formats: readonly string[] = [
    `CREATE TABLE life (one INTEGER PRIMARY KEY CHECK (one = 1), epoch TEXT NOT NULL, first INTEGER NOT NULL,
       head INTEGER NOT NULL, total INTEGER NOT NULL, forgotten INTEGER NOT NULL) STRICT;
     CREATE TABLE records (offset INTEGER PRIMARY KEY, total INTEGER NOT NULL, appended REAL NOT NULL, version REAL NOT NULL,
       time REAL NOT NULL, topic TEXT NOT NULL, event TEXT NOT NULL, key TEXT, data TEXT NOT NULL) STRICT;
     CREATE UNIQUE INDEX keys ON records (key) WHERE key IS NOT NULL;
     INSERT INTO life VALUES (1, 'old', 1, 2, 200, 0);
     INSERT INTO records VALUES (1, 100, 0, 1, 5, 'orders/1', 'placed', 'a', '{"total":1}');
     INSERT INTO records VALUES (2, 200, 0, 1, 6, 'orders/2', 'placed', NULL, '{"total":2}');`,
    `CREATE TABLE life (one INTEGER PRIMARY KEY CHECK (one = 1), epoch TEXT NOT NULL, first INTEGER NOT NULL,
       head INTEGER NOT NULL, total INTEGER NOT NULL, forgotten INTEGER NOT NULL) STRICT;
     CREATE TABLE records (offset INTEGER PRIMARY KEY, total INTEGER NOT NULL, appended REAL NOT NULL, version REAL NOT NULL,
       time REAL NOT NULL, topic TEXT NOT NULL, event TEXT NOT NULL, key TEXT, data TEXT NOT NULL, trace TEXT) STRICT;
     CREATE UNIQUE INDEX keys ON records (key) WHERE key IS NOT NULL;
     INSERT INTO life VALUES (1, 'old', 1, 2, 200, 0);
     INSERT INTO records VALUES (1, 100, 0, 1, 5, 'orders/1', 'placed', 'a', '{"total":1}', NULL);
     INSERT INTO records VALUES (2, 200, 0, 1, 6, 'orders/2', 'placed', NULL, '{"total":2}', NULL);`,
  ]

  /** Columns of the tables, and the indexes. */
  function layoutOf(path: string): unknown {
    const database = new DatabaseSync(path)
    try {
      return ['life', 'records'].map((table) => [
        database.prepare(`SELECT name, type, "notnull", pk FROM pragma_table_info('${table}')`).all(),
        database.prepare(`SELECT name, "unique", partial FROM pragma_index_list('${table}')`).all(),
        database.prepare('SELECT * FROM pragma_application_id, pragma_user_version').all(),
      ])
    } finally {
      database.close()
    }
  }

  function write(format: number): void {
    const database = new DatabaseSync(file)
    database.exec(
      `PRAGMA journal_mode = WAL; PRAGMA application_id = ${0x4d696c6c}; PRAGMA user_version = ${format}`,
    )
    database.exec(formats[format - 1] as string)
    database.close()
  }

  it.each(formats.map((_, index) => index + 1))('goes on as it was, from format %i on', async (format) => {
    write(format)
    const log = opening()
    expect(await log.bounds()).toEqual({ epoch: 'old', first: 1, head: 2 })
    expect(await log.append([{ ...aRecord(1), key: 'a' }])).toEqual([{ epoch: 'old', offset: 1 }])
    const trace = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    const [position] = await log.append([{ ...aRecord(3), trace }])
    // What was appended before has no tag, nor have the cursors that were given for it.
    expect(position).toEqual({ epoch: 'old', offset: 3, tag: expect.any(String) })
    expect((await log.read(2, 1)).afterTag).toBeUndefined()
    await log.close()
    const again = opening()
    expect(await readAll(again)).toEqual([
      { offset: 1, topic: 'orders/1', event: 'placed', version: 1, time: 5, data: '{"total":1}', key: 'a' },
      { offset: 2, topic: 'orders/2', event: 'placed', version: 1, time: 6, data: '{"total":2}' },
      { offset: 3, ...aRecord(3), trace, tag: position?.tag },
    ])
    await again.close()
    const fresh = directory.file('fresh.db')
    await sqliteLog({ file: fresh }).close()
    expect(layoutOf(file)).toEqual(layoutOf(fresh))
  })

  it('lets a process of that version go on that has it open', async () => {
    write(1)
    const old = new DatabaseSync(file)
    const insert = old.prepare(
      'INSERT INTO records (offset, total, appended, version, time, topic, event, key, data) VALUES (?, 300, 0, 1, 7, ?, ?, ?, ?)',
    )
    const log = opening()
    insert.run(3, 'orders/3', 'placed', null, '{}')
    old.exec('UPDATE life SET head = 3, total = 300')
    old.close()
    expect((await readAll(log)).at(-1)).toEqual({
      offset: 3,
      topic: 'orders/3',
      event: 'placed',
      version: 1,
      time: 7,
      data: '{}',
    })
    await log.close()
  })
})

it('an empty database whose version means something to somebody else becomes a log', async () => {
  const other = new DatabaseSync(file)
  other.exec('PRAGMA user_version = 1')
  other.close()
  const log = opening()
  await log.append([aRecord(1)])
  expect(await readAll(log)).toHaveLength(1)
  await log.close()
})

describe('a record that would not come back as it was', () => {
  it.each([
    ['NUL', { data: 'a\0b' }],
    ['half a character', { topic: 'orders/\ud83d' }],
    ['half a character in its key', { key: '\udcaa' }],
    ['NUL in its trace', { trace: '\0' }],
    ['a time that is no number', { time: Number.NaN }],
    ['a version without end', { version: Number.POSITIVE_INFINITY }],
    ['no text', { data: undefined as unknown as string }],
  ])('is refused alone: %s', async (_, properties) => {
    const log = opening()
    const good = log.append([aRecord(1)])
    await expect(log.append([aRecord(2), { ...aRecord(3), ...properties }])).rejects.toMatchObject({
      problem: 'record',
    })
    await log.append([aRecord(4)])
    expect(await good).toMatchObject([{ offset: 1 }])
    expect((await readAll(log)).map(({ time }) => time)).toEqual([aRecord(1).time, aRecord(4).time])
    await log.close()
  })

  it('is not one with fractions and large numbers', async () => {
    const log = opening()
    const record = { ...aRecord(1), time: 1_763_683_200_000.25, version: 2 ** 40 }
    await log.append([record])
    expect(await readAll(log)).toMatchObject([{ ...record, offset: 1 }])
    await log.close()
  })
})

describe('a file that disappears while it is open', () => {
  it('is made anew with another epoch, and tails are told', async () => {
    const log = sqliteLog({ file, pollInterval: 10 })
    const { epoch } = await log.bounds()
    await log.append([aRecord(1), aRecord(2)])
    const tail = follow(log, { epoch, offset: 0 })
    await tail.until(2)
    directory.remove()
    mkdirSync(directory.path)
    const [position] = await log.append([aRecord(3)])
    expect(position?.offset).toBe(1)
    expect(position?.epoch).not.toBe(epoch)
    await tail.until(3)
    expect(tail.resets).toMatchObject([{ epoch: position?.epoch }])
    expect(tail.errors).toEqual([])
    await log.close()
  })

  it('is told once by a tail while its directory is missing, and goes on when it is back', async () => {
    const log = sqliteLog({ file, pollInterval: 5 })
    const { epoch } = await log.bounds()
    const tail = follow(log, { epoch, offset: 0 })
    directory.remove()
    while (tail.errors.length === 0) await new Promise<void>((resolve) => setTimeout(resolve, 5))
    await expect(log.append([aRecord(1)])).rejects.toMatchObject({ problem: 'unavailable' })
    await new Promise<void>((resolve) => setTimeout(resolve, 50))
    expect(tail.errors).toHaveLength(1)
    mkdirSync(directory.path)
    await log.append([aRecord(1)])
    await tail.until(1)
    expect(tail.resets).toHaveLength(1)
    await log.close()
  })
})

describe('close', () => {
  it('leaves the one file with its mark, and nothing open', async () => {
    const log = opening()
    await log.append([aRecord(1)])
    await log.close()
    const { readdirSync } = await import('node:fs')
    expect(readdirSync(directory.path).sort()).toEqual(['events.db', 'events.db-mark'])
    await expect(log.trim(1)).rejects.toThrow(LogClosedError)
    await expect(log.restart()).rejects.toThrow(LogClosedError)
  })

  it('waits for what is being appended', async () => {
    const log = opening()
    const appends = Array.from({ length: 50 }, (_, number) => log.append([aRecord(number)]))
    await log.close()
    expect((await Promise.all(appends)).flat()).toHaveLength(50)
    const again = opening()
    expect(await again.bounds()).toMatchObject({ head: 50 })
    await again.close()
  })
})

it('renews the epoch and keeps records and keys when it is told to', async () => {
  const log = opening()
  await log.append([aRecord(1, '1', 'a'), aRecord(2)])
  const before = await log.bounds()
  await log.close()
  const epoch = renewEpoch(file)
  const again = opening()
  expect(await again.bounds()).toMatchObject({ epoch, first: 1, head: 2 })
  expect(epoch).not.toBe(before.epoch)
  expect(await again.append([aRecord(3, '3', 'a')])).toMatchObject([{ epoch, offset: 1 }])
  await again.close()
})
