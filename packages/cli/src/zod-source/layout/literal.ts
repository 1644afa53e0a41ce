import { commentLines, isSilent, type Remark } from './comment.ts'
import {
  type Doc,
  fill,
  group,
  hardLine,
  indent,
  isList,
  join,
  line,
  printFlat,
  softLine,
  trailingComma,
  willBreak,
} from './doc.ts'

/** A JSON value as a literal of JavaScript. */
export function valueLiteral(value: unknown): Doc {
  if (typeof value === 'string') return stringLiteral(value)
  if (typeof value === 'number') return numberLiteral(value)
  if (Array.isArray(value)) return arrayLiteral(value.map(valueLiteral), { values: value })
  if (typeof value === 'object' && value !== null) {
    return objectLiteral(Object.entries(value).map(([key, member]) => property(key, valueLiteral(member))))
  }
  return String(value)
}

/** In single quotes, or in double ones where that needs fewer escapes. */
export function stringLiteral(text: string): string {
  const singles = text.split("'").length
  const quote = singles > text.split('"').length ? '"' : "'"
  const escaped = text
    .replace(/\\/g, '\\\\')
    .replaceAll(quote, `\\${quote}`)
    .replace(/[\p{Cc}\p{Cf}\p{Surrogate}\u2028\u2029]/gu, escapeCharacter)
  return `${quote}${escaped}${quote}`
}

const shortEscapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

function escapeCharacter(character: string): string {
  const short = shortEscapes[character]
  if (short !== undefined) return short
  // A format character beyond the first plane takes two.
  return [...Array(character.length).keys()]
    .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`)
    .join('')
}

export function numberLiteral(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value).replace('e+', 'e')
}

/** A regular expression. */
export function patternLiteral(source: string, flags: string): string {
  return String(new RegExp(source, flags)).replace(
    /[\p{Cc}\p{Cf}\p{Surrogate}\u2028\u2029]/gu,
    escapeCharacter,
  )
}

function isText(doc: Doc, text: string): boolean {
  return isList(doc) ? doc.length === 1 && isText(doc[0] ?? '', text) : doc === text
}

/** The key of a member, in quotes where it needs them. */
export function keyLiteral(key: string): string {
  // In quotes alone, it would be the prototype.
  if (key === '__proto__') return "['__proto__']"
  return isIdentifierName(key) || /^(0|[1-9]\d{0,14})$/.test(key) ? key : stringLiteral(key)
}

function isIdentifierName(text: string): boolean {
  return /^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u.test(text)
}

/** A member of an object. A long text goes to a line of its own. */
export function property(key: string, value: Doc): Doc {
  if (isIdentifierName(key) && isText(value, key)) return key
  return typeof value === 'string' && /^['"]/.test(value)
    ? group([keyLiteral(key), ':', group(indent([line, value]))])
    : [keyLiteral(key), ': ', value]
}

export function objectLiteral(members: readonly Doc[], { broken = false } = {}): Doc {
  if (members.length === 0) return '{}'
  return group(['{', indent([line, join([',', line], members)]), trailingComma, line, '}'], { broken })
}

export function arrayLiteral(
  items: readonly Doc[],
  { values = [], broken = false }: { values?: readonly unknown[]; broken?: boolean } = {},
): Doc {
  if (items.length === 0) return '[]'
  const numbers = values.length > 1 && values.every((value) => typeof value === 'number')
  const content = numbers ? fill(join([',', line] as Doc, items)) : join([',', line], items)
  return group(['[', indent([softLine, content]), trailingComma, softLine, ']'], {
    broken: broken || (values.length > 1 && (values.every(isRecord) || values.every(isLongList))),
  })
}

// Lists of objects read best with each on lines of its own.
function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 1
}

function isLongList(value: unknown): boolean {
  return Array.isArray(value) && value.length > 1
}

/** A call. What is last hugs the parentheses where it is an object, an array or a function. */
export function call(callee: Doc, args: readonly Doc[], { hug = false } = {}): Doc {
  if (args.length === 0) return [callee, '()']
  const last = args.at(-1) ?? ''
  if (hug && args.length === 1) return [callee, '(', last, ')']
  const list = ['(', indent([softLine, join([',', line], args)]), trailingComma, softLine, ')']
  // Formatters break such lists, as they take them for compositions of functions.
  const composes = args.length > 1 && args.some(takesFunction)
  const others = args.slice(0, -1)
  if (!hug || composes || others.some(willBreak)) return [callee, group(list, { broken: composes })]
  const hugged = [callee, '(', others.map((arg) => [arg, ', ']), group(last, { broken: true }), ')']
  return group([callee, '(', join(', ', args), ')'], {
    states: [hugged, [callee, group(list, { broken: true })]],
  })
}

// Whether a call has a function among its arguments.
function takesFunction(doc: Doc): boolean {
  const text = printFlat(doc)
  const start = openingOf(text)
  return start > 0 && /^\((\([^()]*\)|\w+)(: [^=]+)? => /.test(text.slice(start))
}

// Where the parenthesis opens that closes at the end of a text; -1 where none does.
function openingOf(text: string): number {
  if (!text.endsWith(')')) return -1
  let depth = 0
  for (let index = text.length - 1; index >= 0; index--) {
    if (text.charAt(index) === ')') depth += 1
    if (text.charAt(index) === '(') depth -= 1
    if (depth === 0) return index
  }
  return -1
}

/** A JSDoc comment and what it is about. */
export function commented(remark: Remark, doc: Doc): Doc {
  return isSilent(remark)
    ? doc
    : [{ kind: 'comment', lines: (width) => commentLines(remark, width) }, hardLine, doc]
}
