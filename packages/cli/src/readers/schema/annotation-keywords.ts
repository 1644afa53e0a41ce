import { dropped, keyword, type SchemaContext } from './schema-context.ts'

/** Reads what only people look at, and the codec that our own writers note. */
export function readAnnotations(context: SchemaContext): void {
  for (const name of ['title', 'description', 'x-codec']) {
    const place = keyword(context, name)
    if (place === undefined || place.value === null || place.value === '') continue
    if (typeof place.value === 'string') context.out[name] = place.value
    else if (['number', 'boolean'].includes(typeof place.value)) {
      context.out[name] = place.file.textOf(place.tokens) ?? String(place.value)
    } else if (name !== 'x-codec') {
      context.problems.warning(place, `"${name}" must be a string; it is left out`)
    }
  }
  const deprecated = keyword(context, 'deprecated')
  if (deprecated?.value === true) context.out.deprecated = true
  else if (deprecated !== undefined && deprecated.value !== false)
    dropped(context, deprecated, 'true or false')
}
