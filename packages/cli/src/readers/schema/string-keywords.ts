import type { Place } from '../source/place.ts'
import { readPattern } from './pattern.ts'
import { dropped, keyword, mended, type SchemaContext } from './schema-context.ts'

/** Reads `pattern` and `format`, and what a string holds. */
export function readStringKeywords(context: SchemaContext): void {
  const format = keyword(context, 'format')
  if (typeof format?.value === 'string') context.out.format = format.value
  else if (format !== undefined) dropped(context, format, 'a string')

  const pattern = keyword(context, 'pattern')
  if (typeof pattern?.value === 'string') readPatternText(context, pattern, pattern.value)
  else if (pattern !== undefined) dropped(context, pattern, 'a string')

  readContent(context)
}

function readPatternText(context: SchemaContext, place: Place, text: string): void {
  const read = readPattern(text)
  if (read.pattern === undefined) {
    dropped(context, place, `a regular expression of ECMAScript (${read.why})`)
    return
  }
  if (read.mended) mended(context, place, 'a regular expression of ECMAScript', read.pattern)
  context.out.pattern = read.pattern
}

// They assert nothing. The model says how bytes are written; the readers of streams look for what `data` holds.
function readContent(context: SchemaContext): void {
  const encoding = keyword(context, 'contentEncoding')
  const type = keyword(context, 'contentMediaType')
  const schema = keyword(context, 'contentSchema')
  if (typeof encoding?.value === 'string') context.out.contentEncoding = encoding.value
  if (typeof type?.value === 'string') context.out.contentMediaType = type.value
  if (schema !== undefined) context.out.contentSchema = context.read(schema)
}
