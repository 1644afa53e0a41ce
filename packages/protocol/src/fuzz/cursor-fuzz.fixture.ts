import * as fc from 'fast-check'
import { formatCursor, joinPlaces, type Position, parseCursor } from '../cursor.ts'
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
  'z'.repeat(15),
  'z'.repeat(16),
  '_',
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
const ofEpoch = fc.constantFrom(...ofEpochs)
const epoch = fc.string({ unit: ofEpoch, minLength: 1, maxLength: 32 })
const tag = fc.string({ unit: ofEpoch, minLength: 1, maxLength: 16 })
const offset = fc.oneof(fc.maxSafeNat(), fc.nat(99))
// There is no record at 0 that could have a tag.
const place: fc.Arbitrary<Position> = fc
  .record({ epoch, offset, tag }, { requiredKeys: ['epoch', 'offset'] })
  .map((any) => (any.offset === 0 ? { epoch: any.epoch, offset: 0 } : (any as Position)))
const position = fc.oneof(place, fc.array(place, { minLength: 1, maxLength: 3 }).map(joinPlaces))
// A cursor with one character changed, put in or left out.
const damaged = fc
  .tuple(
    position,
    fc.nat(49),
    fc.nat(1),
    fc.constantFrom('', '.', '_', '0', 'a', 'Z', ' ', '\n', '٣', '\ud800'),
  )
  .map(([written, place, removed, put]) => {
    const text = formatCursor(written)
    return `${text.slice(0, place)}${put}${text.slice(place + removed)}`
  })

/** What a text is as a cursor, read one character after the other. */
function readByHand(text: string): Position | undefined {
  const [first = '', ...others] = text.split('_')
  const places = [first, ...others].map(readPlace)
  const whole = places.filter((place) => place !== undefined)
  const [place, ...rest] = whole
  if (place === undefined || whole.length < places.length) return undefined
  return rest.length === 0 ? place : { ...place, others: rest }
}

function readPlace(text: string): Position | undefined {
  const [epoch, number, tag, ...more] = text.split('.')
  if (number === undefined || more.length > 0 || !isWord(epoch, 32)) return undefined
  if (number === '' || [...number].some((character) => !digits.includes(character))) return undefined
  if (number.length > 1 && number.startsWith('0')) return undefined
  if (BigInt(number) > BigInt(Number.MAX_SAFE_INTEGER)) return undefined
  const place = { epoch: epoch as string, offset: Number(number) }
  if (tag === undefined) return place
  return place.offset > 0 && isWord(tag, 16) ? { ...place, tag } : undefined
}

function isWord(text: string | undefined, most: number): boolean {
  if (text === undefined || text.length < 1 || text.length > most) return false
  return [...text].every((character) => ofEpochs.includes(character))
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
