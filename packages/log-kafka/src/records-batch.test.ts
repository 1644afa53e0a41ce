import { jsCRC32C, Reader, readRecordsBatches } from '@platformatic/kafka'
import { describe, expect, it } from 'vitest'
import { type Message, recordsBatch } from './records-batch.ts'

/** As the client of Kafka reads it. */
function read(batch: Buffer) {
  const [found, ...more] = readRecordsBatches(Reader.from(batch))
  if (found === undefined || more.length > 0) throw new Error('That is not one batch')
  return found
}

function messagesOf({ records }: ReturnType<typeof read>): Message[] {
  return records.map(({ key, value, headers }) => ({
    ...(key !== null && { key: `${key}` }),
    value: `${value}`,
    headers: headers.map(([name, text]): [string, string] => [`${name}`, `${text}`]),
  }))
}

const headers = [['event', 'placed']] as const

describe('a batch', () => {
  it('has a checksum, one time for all, and no producer', () => {
    const batch = recordsBatch([{ key: 'orders/1', value: 'null', headers }], 1_763_683_200_000)
    expect(batch.readUInt32BE(17)).toBe(jsCRC32C(batch.subarray(21)))
    expect(read(batch)).toMatchObject({
      firstOffset: 0n,
      length: batch.length - 12,
      magic: 2,
      attributes: 0,
      lastOffsetDelta: 0,
      firstTimestamp: 1_763_683_200_000n,
      maxTimestamp: 1_763_683_200_000n,
      producerId: -1n,
      producerEpoch: -1,
      firstSequence: -1,
    })
  })

  it('counts its records', () => {
    const batch = recordsBatch(
      Array.from({ length: 300 }, (_, index) => ({ value: `${index}`, headers: [] })),
      0,
    )
    const { lastOffsetDelta, records } = read(batch)
    expect(lastOffsetDelta).toBe(299)
    expect(records.map(({ offsetDelta }) => offsetDelta)).toEqual(records.map((_, index) => index))
    expect(records.map(({ value }) => `${value}`)).toEqual(records.map((_, index) => `${index}`))
  })

  it.each([
    ['neither key nor value nor headers', { value: '', headers: [] }],
    ['a key that is empty', { key: '', value: 'null', headers }],
    ['several headers', { key: 'a', value: '1', headers: [...headers, ['key', 'k'], ['traceparent', '']] }],
    ['other characters than those of ASCII', { key: 'é/日', value: '"𝄞 ÿ"', headers: [['event', 'ß']] }],
  ] as const)('has records with %s', (_, message) => {
    expect(messagesOf(read(recordsBatch([message, message], 0)))).toEqual([message, message])
  })

  // The length of a record stands before it and is itself of one to five bytes: here on both sides of where it grows.
  it.each(['x', 'é', '日', '𝄞'])('has records of every length of %s', (character) => {
    const lengths = [
      ...Array.from({ length: 80 }, (_, index) => index),
      ...Array.from({ length: 80 }, (_, index) => 8_192 - index),
      ...Array.from({ length: 80 }, (_, index) => 4_096 - index),
      ...Array.from({ length: 80 }, (_, index) => 2_740 - index),
      1_048_560,
    ]
    const messages = lengths.map((length) => ({ value: character.repeat(length), headers: [] }))
    expect(messagesOf(read(recordsBatch(messages, 0)))).toEqual(messages)
  })
})
