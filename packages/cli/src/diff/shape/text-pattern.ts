const compiled = new Map<string, RegExp | undefined>()

/** Whether a text fits a `pattern`; `undefined` for a pattern that is no regular expression. */
export function matches(pattern: string, text: string): boolean | undefined {
  if (!compiled.has(pattern)) compiled.set(pattern, compile(pattern))
  return compiled.get(pattern)?.test(text)
}

function compile(pattern: string): RegExp | undefined {
  try {
    return new RegExp(pattern, 'u')
  } catch {
    return undefined
  }
}
