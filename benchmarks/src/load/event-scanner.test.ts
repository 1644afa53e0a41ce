import { describe, expect, test } from 'vitest'
import { createEvent, eventBytes, now } from '../event.ts'
import { createTally, scanEvents } from './event-scanner.ts'

const text = (...numbers: readonly number[]) =>
  numbers.map((number) => `id: k3f9.${number}\ndata: ${JSON.stringify(createEvent(number))}\n\n`).join('')

describe('an event', () => {
  test('has 200 bytes, whatever its number', () => {
    for (const number of [1, 99, 9_999_999]) {
      expect(Buffer.byteLength(JSON.stringify(createEvent(number)))).toBe(eventBytes)
    }
  })
})

describe('scanning', () => {
  test('counts events in order, wherever they are split', () => {
    const bytes = Buffer.from(text(1, 2, 3, 4))
    for (let split = 0; split <= bytes.length; split += 1) {
      const tally = createTally()
      scanEvents(tally, bytes.subarray(0, split), 1)
      scanEvents(tally, bytes.subarray(split), 1)
      expect(tally).toMatchObject({ events: 4, last: 4, disordered: 0 })
    }
  })

  test('counts events that come byte by byte', () => {
    const tally = createTally()
    for (const byte of Buffer.from(text(7, 8))) scanEvents(tally, Buffer.from([byte]), 1)
    expect(tally).toMatchObject({ events: 2, last: 8, disordered: 0 })
  })

  test.each([
    ['a gap', [1, 2, 4], 1],
    ['a repetition', [1, 2, 2], 1],
    ['two that changed places', [1, 3, 2], 2],
  ])('sees %s', (_name, numbers, disordered) => {
    const tally = createTally()
    scanEvents(tally, Buffer.from(text(...numbers)), 1)
    expect(tally.disordered).toBe(disordered)
  })

  test('expects larger steps where each connection has a topic of its own', () => {
    const tally = createTally()
    scanEvents(tally, Buffer.from(text(5, 105, 205)), 100)
    expect(tally).toMatchObject({ events: 3, disordered: 0 })
  })

  test('tells when events were published', () => {
    const before = now()
    const bytes = Buffer.from(text(1, 2))
    const times: number[] = []
    scanEvents(createTally(), bytes, 1, (time) => times.push(time))
    expect(times).toHaveLength(2)
    for (const time of times) {
      expect(time).toBeGreaterThanOrEqual(before)
      expect(time).toBeLessThanOrEqual(now())
    }
  })
})
