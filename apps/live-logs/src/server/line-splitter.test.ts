import { describe, expect, it } from 'vitest'
import { LineSplitter } from './line-splitter.ts'

const limit = 16
const bytes = (text: string) => Buffer.from(text)
const texts = (lines: readonly { text: string }[]) => lines.map((line) => line.text)

describe('LineSplitter', () => {
  it('gives the same lines however the bytes are split', () => {
    const whole = bytes('één\r\nzwei 🌊\n\n日本\r\n')
    const expected = new LineSplitter(0, limit).push(whole)
    expect(expected).toEqual([
      { text: 'één', byte: 0, omitted: 0 },
      { text: 'zwei 🌊', byte: 7, omitted: 0 },
      { text: '', byte: 17, omitted: 0 },
      { text: '日本', byte: 18, omitted: 0 },
    ])
    for (let size = 1; size < whole.length; size += 1) {
      const splitter = new LineSplitter(0, limit)
      const lines = []
      for (let at = 0; at < whole.length; at += size)
        lines.push(...splitter.push(whole.subarray(at, at + size)))
      expect(lines).toEqual(expected)
    }
  })

  it('keeps a lone carriage return, and takes away only the one before the line feed', () => {
    expect(texts(new LineSplitter(0, limit).push(bytes('a\rb\r\r\n')))).toEqual(['a\rb\r'])
  })

  it('makes U+FFFD of what is no UTF-8, and never throws', () => {
    const invalid = Buffer.concat([bytes('a'), Buffer.from([0xff, 0xc3]), bytes('b\n')])
    expect(texts(new LineSplitter(0, limit).push(invalid))).toEqual(['a\uFFFD\uFFFDb'])
  })

  it('cuts an overlong line between characters and counts what it left out', () => {
    const splitter = new LineSplitter(0, limit)
    const lines = splitter.push(bytes(`${'x'.repeat(15)}é and more\r\nnext\n`))
    expect(lines).toEqual([
      { text: 'x'.repeat(15), byte: 0, omitted: 11 },
      { text: 'next', byte: 28, omitted: 0 },
    ])
  })

  it('counts a long line over many chunks without holding it', () => {
    const splitter = new LineSplitter(0, limit)
    for (let chunk = 0; chunk < 1000; chunk += 1) expect(splitter.push(bytes('y'.repeat(1000)))).toEqual([])
    expect(splitter.push(bytes('\n'))).toEqual([{ text: 'y'.repeat(16), byte: 0, omitted: 999_984 }])
  })

  it('keeps NUL bytes inside a line and skips the hole before it', () => {
    const splitter = new LineSplitter(0, limit)
    expect(texts(splitter.push(bytes('\0\0\0a\0b\n\0\n')))).toEqual(['a\0b', ''])
  })

  it('strips one byte order mark, at the start of the file only', () => {
    const splitter = new LineSplitter(0, limit)
    expect(texts(splitter.push(bytes('\uFEFFa\n\uFEFFb\n')))).toEqual(['a', '\uFEFFb'])
    expect(texts(new LineSplitter(9, limit).push(bytes('\uFEFFa\n')))).toEqual(['\uFEFFa'])
  })

  it('flushes an unended line once, and goes on after it', () => {
    const splitter = new LineSplitter(100, limit)
    expect(splitter.flush({ final: false })).toBeUndefined()
    splitter.push(bytes('half'))
    expect(splitter.pending).toBe(true)
    expect(splitter.flush({ final: false })).toEqual({ text: 'half', byte: 100, omitted: 0 })
    expect(splitter.flush({ final: false })).toBeUndefined()
    expect(splitter.push(bytes(' rest\n'))).toEqual([{ text: ' rest', byte: 104, omitted: 0 }])
  })

  it('holds half a character at a flush, and gives it up at the last', () => {
    const splitter = new LineSplitter(0, limit)
    const wave = bytes('🌊')
    splitter.push(Buffer.concat([bytes('a'), wave.subarray(0, 2)]))
    expect(splitter.flush({ final: false })).toEqual({ text: 'a', byte: 0, omitted: 0 })
    expect(splitter.flush({ final: false })).toBeUndefined()
    expect(splitter.push(Buffer.concat([wave.subarray(2), bytes('\n')]))).toEqual([
      { text: '🌊', byte: 1, omitted: 0 },
    ])
    splitter.push(wave.subarray(0, 2))
    expect(splitter.flush({ final: true })?.text).toBe('\uFFFD')
  })
})
