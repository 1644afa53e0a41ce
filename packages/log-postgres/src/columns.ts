import type { NewRecord } from '@millrace/log'

/** Records as the function `append` takes them: an array of each column, `null` for one that no record has anything in. */
export function columnsOf(records: readonly NewRecord[]): readonly (Buffer | string | null)[] {
  return [
    textArray(records.map(({ topic }) => topic)),
    textArray(records.map(({ event }) => event)),
    numberArray(records.map(({ version }) => version)),
    numberArray(records.map(({ time }) => time)),
    textArray(records.map(({ data }) => data)),
    textArray(records.map(({ key }) => key)),
    textArray(records.map(({ trace }) => trace)),
  ]
}

// As Postgres reads and prints arrays of numbers: whether they fit is for Postgres to say.
function numberArray(numbers: readonly number[]): string {
  return `{${numbers.join(',')}}`
}

/** How `pg_type` numbers `text`. */
const textType = 25

/** What stands before the elements, and before each of them, in bytes. */
const headLength = 20
const lengthLength = 4

/**
 * An array of texts as Postgres holds them itself (`array_recv` in its sources): so neither side has to quote what is in them, which
 * would take longer than all else that is done with it.
 */
function textArray(texts: readonly (string | undefined)[]): Buffer | null {
  if (texts.every((text) => text === undefined)) return null
  const lengths = texts.map((text) => (text === undefined ? -1 : Buffer.byteLength(text)))
  const size = lengths.reduce((sum, length) => sum + lengthLength + Math.max(length, 0), headLength)
  const bytes = Buffer.allocUnsafe(size)
  // One dimension, with NULL in it or not, of so many elements from the first on.
  bytes.writeInt32BE(1, 0)
  bytes.writeInt32BE(lengths.includes(-1) ? 1 : 0, 4)
  bytes.writeInt32BE(textType, 8)
  bytes.writeInt32BE(texts.length, 12)
  bytes.writeInt32BE(1, 16)
  let at = headLength
  for (const [index, text = ''] of texts.entries()) {
    const length = lengths[index] ?? -1
    at = bytes.writeInt32BE(length, at)
    // As many bytes as characters: then all are of ASCII.
    if (length > 0) at += bytes.write(text, at, length, length === text.length ? 'latin1' : 'utf8')
  }
  return bytes
}
