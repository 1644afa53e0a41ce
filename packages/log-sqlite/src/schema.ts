// "Mill" in ASCII. SQLite keeps it in the file's header for exactly this: to tell one program's files from another's.
const applicationId = 0x4d696c6c

/** What is known of a database before it is taken for a log. */
export interface Marks {
  readonly applicationId: number
  readonly format: number
  readonly tables: number
}

export const selectMarks = `
  SELECT
    (SELECT application_id FROM pragma_application_id) AS applicationId,
    (SELECT user_version FROM pragma_user_version) AS format,
    (SELECT count(*) FROM sqlite_schema) AS tables`

/** Whether a database is a log, one of an earlier format, an empty place for one, or none of them, and then why. */
export function recognize(marks: Marks): 'log' | 'older' | 'empty' | 'foreign' | 'newer' {
  if (marks.applicationId !== applicationId) {
    return marks.applicationId === 0 && marks.tables === 0 ? 'empty' : 'foreign'
  }
  if (marks.format > format) return 'newer'
  return marks.format < format ? 'older' : 'log'
}

/** Says how a file's format differs from the one that is known. */
export function newerThan(marks: Marks): string {
  return `the file has format ${marks.format}, and this version knows ${format}`
}

/**
 * `life` has one row: what is true of the whole log. Records below `first` are forgotten and only wait to be deleted.
 * `total` counts the bytes of all records ever appended, and at a record of those up to and including it, so what is held
 * is a difference of two numbers, and nothing is counted twice or missed. The small columns come first: a row's long
 * data lies on other pages, which a look at the small ones never touches.
 */
const createTables = `
  CREATE TABLE life (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    epoch TEXT NOT NULL,
    first INTEGER NOT NULL,
    head INTEGER NOT NULL,
    total INTEGER NOT NULL,
    forgotten INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE records (
    offset INTEGER PRIMARY KEY,
    total INTEGER NOT NULL,
    appended REAL NOT NULL,
    version REAL NOT NULL,
    time REAL NOT NULL,
    topic TEXT NOT NULL,
    event TEXT NOT NULL,
    key TEXT,
    data TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX keys ON records (key) WHERE key IS NOT NULL;
  PRAGMA application_id = ${applicationId};`

/**
 * What leads from each format to the next, beginning with an empty file. Steps are added at the end and never changed, since every
 * file has gone the same way. A new one must let processes go on that have the file open and know only the steps before it: columns
 * that they need not fill.
 */
const steps = [
  createTables,
  // 2: the trace that a record was published in.
  'ALTER TABLE records ADD COLUMN trace TEXT;',
  // 3: tags: of each record, of the one at `head` and of the one at `first - 1`, which may not be there any more. Who does not know
  // them leaves old ones beside a new head; whoever is given such a one is told `diverged` once for nothing.
  `ALTER TABLE records ADD COLUMN tag TEXT;
  ALTER TABLE life ADD COLUMN tag TEXT;
  ALTER TABLE life ADD COLUMN forgotten_tag TEXT;`,
]

// A file with a higher one was written by a later version of this package.
const format = steps.length

/** What brings a file of an earlier format, or an empty one, to the present one. */
export function stepsFrom(marks: Marks): string {
  const done = recognize(marks) === 'empty' ? 0 : marks.format
  return `${steps.slice(done).join('\n')}\nPRAGMA user_version = ${format};`
}

/** The one row of `life`. */
export interface Life {
  readonly epoch: string
  /** Offset of the oldest record held. */
  readonly first: number
  readonly head: number
  /** Bytes of all records ever appended. */
  readonly total: number
  /** Bytes of those that are forgotten. */
  readonly forgotten: number
  /** Of the record at `head`. */
  readonly tag: string | null
  /** Of the newest record that is forgotten. */
  readonly forgottenTag: string | null
}

export const selectLife =
  'SELECT epoch, first, head, total, forgotten, tag, forgotten_tag AS forgottenTag FROM life'
export const insertLife =
  'INSERT INTO life (one, epoch, first, head, total, forgotten) VALUES (1, ?, 1, 0, 0, 0)'
export const updateLife =
  'UPDATE life SET epoch = ?, first = ?, head = ?, total = ?, forgotten = ?, tag = ?, forgotten_tag = ?'
