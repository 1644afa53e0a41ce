/** A regular expression as JSON Schema wants it (ECMAScript, with the `u` flag), or why there is none. */
export type ReadPattern =
  | { readonly pattern: string; readonly mended: boolean }
  | { readonly pattern?: never; readonly why: string }

/** Takes the dialects of other languages to ECMAScript where that changes nothing. */
export function readPattern(source: string): ReadPattern {
  const why = whyInvalid(source)
  if (why === undefined) return { pattern: source, mended: false }
  // A class by name (`[[:alpha:]]`) would be read as other characters.
  if (source.includes('[[:')) return { why }
  const translated = translate(source)
  return whyInvalid(translated) === undefined ? { pattern: translated, mended: true } : { why }
}

function whyInvalid(source: string): string | undefined {
  try {
    new RegExp(source, 'u')
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^Invalid regular expression: /, '') : String(error)
  }
}

const translations: Readonly<Record<string, string>> = { A: '^', z: '$', Z: '$', h: '[ \\t]' }

// What Perl, Python and ECMAScript without the `u` flag write otherwise: escapes that say nothing, lone brackets,
// named groups, anchors of the whole text.
function translate(source: string): string {
  let result = ''
  let inClass = false
  for (let index = 0; index < source.length; index++) {
    const rest = source.slice(index)
    const character = source.charAt(index)
    const next = source.charAt(index + 1)
    const quantifier = /^\{\d+(,\d*)?\}/.exec(rest)?.[0]
    if (character === '\\' && next !== '') {
      result += translateEscape(next, inClass)
      index += 1
    } else if (inClass) {
      inClass = character !== ']'
      result += character
    } else if (rest.startsWith('(?P<')) {
      result += '(?'
      index += 2
    } else if (quantifier !== undefined) {
      result += quantifier
      index += quantifier.length - 1
    } else {
      inClass = character === '['
      result += ['{', '}', ']'].includes(character) ? `\\${character}` : character
    }
  }
  return result
}

function translateEscape(character: string, inClass: boolean): string {
  if (!inClass && Object.hasOwn(translations, character)) return translations[character] as string
  const meaningful = /[A-Za-z0-9^$\\.*+?()[\]{}|/]/.test(character) || (inClass && character === '-')
  return meaningful ? `\\${character}` : character
}
