/**
 * A text that a regular expression describes, for expressions of the plain kind: literals, classes, groups, alternatives and
 * repetitions. `undefined` for others. Whether the text really matches is for the caller to try.
 */
export function textLike(source: string, minLength: number): string | undefined {
  const reader = { source, at: 0 }
  const text = alternatives(reader, minLength)
  return reader.at === source.length ? text : undefined
}

const longest = 1000

interface Reader {
  readonly source: string
  at: number
}

/** The first of several alternatives, until a closing bracket or the end. */
function alternatives(reader: Reader, minLength: number): string | undefined {
  let first = sequence(reader, minLength)
  while (first !== undefined && reader.source[reader.at] === '|') {
    reader.at += 1
    if (sequence(reader, 0) === undefined) first = undefined
  }
  return first
}

function sequence(reader: Reader, minLength: number): string | undefined {
  let text = ''
  while (reader.at < reader.source.length && !'|)'.includes(reader.source[reader.at] as string)) {
    const atom = readAtom(reader)
    if (atom === undefined) return undefined
    const { least, most } = readRepetition(reader)
    // What may be there more often makes up for the length that is asked for.
    const missing = atom === '' ? 0 : Math.ceil((Math.min(minLength, longest) - text.length) / atom.length)
    const count = Math.min(most, Math.max(least, missing))
    if (text.length + atom.length * count > longest) return undefined
    text += atom.repeat(count)
  }
  return text
}

function readAtom(reader: Reader): string | undefined {
  const character = reader.source[reader.at] as string
  reader.at += 1
  switch (character) {
    case '^':
    case '$':
      return ''
    case '.':
      return 'a'
    case '\\':
      return readEscape(reader)
    case '[':
      return readClass(reader)
    case '(':
      return readGroup(reader)
    case '*':
    case '+':
    case '?':
    case '{':
      return undefined
    default:
      return character
  }
}

const escapes: Readonly<Record<string, string>> = {
  d: '1',
  w: 'a',
  s: ' ',
  D: 'a',
  W: '-',
  S: 'a',
  n: '\n',
  t: '\t',
  b: '',
  B: '',
}

function readEscape(reader: Reader): string | undefined {
  const letter = reader.source[reader.at] ?? ''
  reader.at += 1
  if (letter in escapes) return escapes[letter]
  return /[A-Za-z0-9]/.test(letter) ? undefined : letter
}

function readClass(reader: Reader): string | undefined {
  const end = /(?<!\\)(?:\\\\)*\]/g
  end.lastIndex = reader.at
  const found = end.exec(reader.source)
  if (found === null) return undefined
  const close = found.index + found[0].length - 1
  const inside = reader.source.slice(reader.at, close)
  reader.at = close + 1
  let expression: RegExp
  try {
    expression = new RegExp(`^[${inside}]$`, 'u')
  } catch {
    return undefined
  }
  return candidates.find((character) => expression.test(character))
}

// What reads best comes first.
const ascii = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index))
const candidates = [...'aA1-_ ', ...ascii]

function readGroup(reader: Reader): string | undefined {
  const prefix = /\?(?::|<\w+>)|\?/y
  prefix.lastIndex = reader.at
  const found = prefix.exec(reader.source)?.[0] ?? ''
  // Looking ahead or behind takes more than reading on.
  if (found === '?') return undefined
  reader.at += found.length
  const text = alternatives(reader, 0)
  if (reader.source[reader.at] !== ')') return undefined
  reader.at += 1
  return text
}

function readRepetition(reader: Reader): { readonly least: number; readonly most: number } {
  const expression = /([*+?]|\{(\d+)(,(\d*))?\})\??/y
  expression.lastIndex = reader.at
  const found = expression.exec(reader.source)
  if (found === null) return { least: 1, most: 1 }
  reader.at += found[0].length
  const [, mark, low, comma, high] = found
  if (mark === '*') return { least: 0, most: Number.POSITIVE_INFINITY }
  if (mark === '+') return { least: 1, most: Number.POSITIVE_INFINITY }
  if (mark === '?') return { least: 0, most: 1 }
  const least = Number(low)
  return {
    least,
    most:
      comma === undefined
        ? least
        : high === '' || high === undefined
          ? Number.POSITIVE_INFINITY
          : Number(high),
  }
}
