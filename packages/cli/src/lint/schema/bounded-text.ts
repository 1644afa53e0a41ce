import type { JsonSchemaObject } from '../../model/json-schema.ts'

/** Whether a schema of a string says how long one may be at most, or what kind of text it is. */
export function isBoundedText(schema: JsonSchemaObject): boolean {
  const { maxLength, format, pattern, enum: values, allOf = [] } = schema
  return (
    maxLength !== undefined ||
    values !== undefined ||
    'const' in schema ||
    // A codec says it, or leaves no way to.
    schema['x-codec'] !== undefined ||
    format !== undefined ||
    (pattern !== undefined && isBoundedPattern(pattern)) ||
    allOf.some((part) => typeof part === 'object' && isBoundedText(part))
  )
}

/** Whether a pattern is of the whole text, and nothing in it is repeated without end. */
function isBoundedPattern(pattern: string): boolean {
  if (!pattern.startsWith('^') || !pattern.endsWith('$')) return false
  const plain = pattern.replace(/\\./g, '').replace(/\[[^\]]*\]/g, '')
  return !/[*+]|\{\d+,\}/.test(plain)
}
