import { capitalised, wordsOf } from '../names/words.ts'
import { fileStem } from '../source/file-path.ts'
import { textMember } from '../source/json-record.ts'
import type { Place } from '../source/place.ts'

// Under these keys stand schemas or messages by their names.
const shelves = new Set(['$defs', 'definitions', 'schemas', 'messages'])
// These keys say where a schema is, not what it is.
const structure = new Set([
  'components',
  'payload',
  'schema',
  'itemSchema',
  'items',
  'anyOf',
  'oneOf',
  'allOf',
])

/**
 * The name of a schema that a ref leads to: the one that it stands under, else its title, else that of what is around it.
 * Only characters that need no escape in `#/$defs/Name`.
 */
export function definitionNameFor(place: Place): string {
  const { tokens, file } = place
  const shelf = tokens.findLastIndex((token) => shelves.has(token))
  const named = shelf === -1 ? [] : tokens.slice(shelf + 1)
  if (named.length === 1) return safe(named[0] as string)
  const title = textMember(place.value, 'title')
  if (title !== undefined) return safe(wordsOf(title).map(capitalised).join('') || title)
  const around = named.length > 0 ? named : tokens
  const words = around.filter(
    (token) => !structure.has(token) && token !== 'properties' && !/^\d+$/.test(token),
  )
  return safe(words.length === 0 ? fileStem(file.path) : words.slice(-2).map(capitalised).join(''))
}

function safe(name: string): string {
  const cleaned = name
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/[^A-Za-z0-9_.-]+/g, '_')
    .replace(/^_+|_+$/g, '')
  return /^[A-Za-z_]/.test(cleaned) ? cleaned : `Schema${cleaned}`
}
