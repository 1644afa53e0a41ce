import * as fc from 'fast-check'
import { formatCursor, type Position, parseCursor } from '../cursor.ts'
import { expectSame, type FuzzTarget } from './fuzz-target.fixture.ts'

const digits = '0123456789'
const ofEpochs = `${digits}abcdefghijklmnopqrstuvwxyz`

// Nearly cursors: where a parser that is too generous shows itself.
const pieces = [
  'k3f9',
  '.',
  '.',
  '0',
  '1041',
  '9007199254740991',
  '9007199254740992',
  'z'.repeat(31),
  '-',
  '+',
  ' ',
  '\n',
  'K',
  'e',
  'é',
  '١',
  '\0',
  '\u2028',
]
const nearly = fc.array(fc.constantFrom(...pieces), { maxLength: 6 }).map((parts) => parts.join(''))
const position = fc
  .record(
    {
      epoch: fc.string({ unit: fc.constantFrom(...ofEpochs), minLength: 1, maxLength: 32 }),
      offset: fc.oneof(fc.maxSafeNat(), fc.nat(99)),
      tag: fc.string({ unit: fc.constantFrom(...ofEpochs), minLength: 1, maxLength: 16 }),
    },
    { requiredKeys: ['epoch', 'offset'] },
  )
  // No record is there that could have one.
  .map(({ epoch, offset, tag }) =>
    tag === undefined || offset === 0 ? { epoch, offset } : { epoch, offset, tag },
  )
// A cursor with one character changed, put in or left out.
const damaged = fc
  .tuple(position, fc.nat(49), fc.nat(1), fc.constantFrom('', '.', '0', 'a', 'Z', ' ', '\n', '٣', '\ud800'))
  .map(([written, place, removed, put]) => {
    const text = formatCursor(written)
    return `${text.slice(0, place)}${put}${text.slice(place + removed)}`
  })

/** What a text is as a cursor, read one character after the other. */
function readByHand(text: string): Position | undefined {
  const [epoch = '', number = '', tag, ...more] = text.split('.')
  if (!isName(epoch, 32) || more.length > 0) return undefined
  if (tag !== undefined && (!isName(tag, 16) || number === '0')) return undefined
  if (number === '' || [...number].some((character) => !digits.includes(character))) return undefined
  if (number.length > 1 && number.startsWith('0')) return undefined
  const offset = BigInt(number)
  if (offset > BigInt(Number.MAX_SAFE_INTEGER)) return undefined
  return { epoch, offset: Number(offset), ...(tag === undefined ? {} : { tag }) }
}

function isName(text: string, longest: number): boolean {
  return text !== '' && text.length <= longest && [...text].every((character) => ofEpochs.includes(character))
}

/** Texts of every kind: each is the one text of a position, or no cursor. */
export const cursors: FuzzTarget = {
  name: 'cursors',
  title: 'any text as a cursor: it is the one text of a position, or none, and nothing throws',
  property: fc.property(
    fc.oneof(nearly, damaged, position.map(formatCursor), fc.string({ unit: 'binary' }), fc.string()),
    (text) => {
      const read = parseCursor(text)
      expectSame(read ?? null, readByHand(text) ?? null, JSON.stringify(text))
      if (read !== undefined) expectSame(formatCursor(read), text, 'Its text')
    },
  ) as fc.IRawProperty<unknown>,
}
