import { crc32c } from '@platformatic/kafka'

/** A record of Kafka's, as texts. */
export interface Message {
  readonly key?: string
  readonly value: string
  /** Names and values. */
  readonly headers: readonly (readonly [name: string, value: string])[]
}

/** How long what stands before the first record is, and from where on the checksum is of it, in bytes. */
const headLength = 61
const checkedFrom = 21

const version = 2

/** The most that the numbers of a record, and of one of its texts, take in all, in bytes. */
const recordOverhead = 24
const textOverhead = 5

/** The most bytes that a character of a text takes in UTF-8. */
const longestCharacter = 3

/**
 * One batch of records as bytes: https://kafka.apache.org/documentation/#recordbatch. It is written here, in one go, since the client's own
 * way to write one makes several objects of each number in it, and takes longer than the broker.
 *
 * @param time of all records, in milliseconds since 1970
 */
export function recordsBatch(messages: readonly Message[], time: number): Buffer {
  const bytes = Buffer.allocUnsafe(messages.reduce((sum, message) => sum + mostOf(message), headLength))
  let at = headLength
  for (const [index, message] of messages.entries()) at = writeRecord(bytes, at, index, message)
  const batch = bytes.subarray(0, at)
  // Which place it gets is for the broker to say.
  batch.writeBigInt64BE(0n, 0)
  batch.writeInt32BE(at - 12, 8)
  batch.writeInt32BE(-1, 12)
  batch.writeInt8(version, 16)
  // No compression, and the time of whoever writes it.
  batch.writeInt16BE(0, 21)
  batch.writeInt32BE(messages.length - 1, 23)
  batch.writeBigInt64BE(BigInt(time), 27)
  batch.writeBigInt64BE(BigInt(time), 35)
  // Not of a producer that the broker keeps book of: a repeat stands elsewhere, and so does not count.
  batch.writeBigInt64BE(-1n, 43)
  batch.writeInt16BE(-1, 51)
  batch.writeInt32BE(-1, 53)
  batch.writeInt32BE(messages.length, 57)
  batch.writeUInt32BE(crc32c(batch.subarray(checkedFrom)), 17)
  return batch
}

/** The most bytes that a record takes. */
function mostOf({ key = '', value, headers }: Message): number {
  let characters = key.length + value.length
  for (const [name, text] of headers) characters += name.length + text.length
  return recordOverhead + textOverhead * 2 * headers.length + longestCharacter * characters
}

/** Writes a record, and answers where it ends. */
function writeRecord(bytes: Buffer, start: number, index: number, { key, value, headers }: Message): number {
  // Room for the length, which shows in the end. Two bytes is how long it is of nearly every record.
  const from = start + 2
  let at = from
  // No attributes, and no time of its own.
  bytes[at++] = 0
  bytes[at++] = 0
  at = writeNumber(bytes, at, index)
  at = key === undefined ? writeNumber(bytes, at, -1) : writeText(bytes, at, key)
  at = writeText(bytes, at, value)
  at = writeNumber(bytes, at, headers.length)
  for (const [name, text] of headers) {
    at = writeText(bytes, at, name)
    at = writeText(bytes, at, text)
  }
  const length = at - from
  const shift = sizeOfNumber(length) - 2
  if (shift !== 0) bytes.copyWithin(from + shift, from, at)
  writeNumber(bytes, start, length)
  return at + shift
}

function writeText(bytes: Buffer, at: number, text: string): number {
  const length = Buffer.byteLength(text)
  const from = writeNumber(bytes, at, length)
  // As many bytes as characters: then all are of ASCII.
  bytes.write(text, from, length, length === text.length ? 'latin1' : 'utf8')
  return from + length
}

/** Writes a number as Kafka does, zigzag and seven bits a byte: https://protobuf.dev/programming-guides/encoding/#signed-ints */
function writeNumber(bytes: Buffer, start: number, value: number): number {
  let rest = ((value << 1) ^ (value >> 31)) >>> 0
  let at = start
  while (rest > 0x7f) {
    bytes[at++] = (rest & 0x7f) | 0x80
    rest >>>= 7
  }
  bytes[at++] = rest
  return at
}

function sizeOfNumber(value: number): number {
  let size = 1
  for (let rest = value * 2; rest > 0x7f; rest = Math.floor(rest / 128)) size += 1
  return size
}
