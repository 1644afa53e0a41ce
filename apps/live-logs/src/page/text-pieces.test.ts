import { expect, it } from 'vitest'
import { rowPieces, textPieces } from './text-pieces.ts'

const shown = (pieces: readonly { text: string; found: boolean }[]) =>
  pieces.map((piece) => (piece.found ? `[${piece.text}]` : piece.text)).join('')

it('cuts a text where matches begin and end', () => {
  expect(shown(textPieces('abcabc', []))).toBe('abcabc')
  expect(
    shown(
      textPieces('abcabc', [
        [0, 2],
        [2, 3],
        [5, 6],
      ]),
    ),
  ).toBe('[ab][c]ab[c]')
  expect(textPieces('', [])).toEqual([])
})

it('brings a match that is far in into sight', () => {
  const text = `${'x'.repeat(200)}match${'y'.repeat(2000)}`
  const row = shown(rowPieces(text, [[200, 205]]))
  expect(row).toBe(`…${'x'.repeat(24)}[match]${'y'.repeat(571)}…`)
})

it('leaves a near match, and a line without one, where they are', () => {
  expect(shown(rowPieces('a match', [[2, 7]]))).toBe('a [match]')
  expect(shown(rowPieces('z'.repeat(601), []))).toBe(`${'z'.repeat(600)}…`)
})

it('cuts a match that the limit ends', () => {
  expect(
    shown(
      rowPieces('z'.repeat(700), [
        [0, 650],
        [660, 670],
      ]),
    ),
  ).toBe(`[${'z'.repeat(600)}]…`)
})
