/** A pattern as JSON Schema reads it; `undefined` where it is no regular expression of JavaScript. */
export function compilePattern(source: string): RegExp | undefined {
  try {
    return new RegExp(source, 'u')
  } catch {
    return undefined
  }
}
