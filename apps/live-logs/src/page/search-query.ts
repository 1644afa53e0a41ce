/** A stretch of a text, from and up to. */
export type Range = readonly [from: number, to: number]

/** What is searched for, ready to be asked. */
export interface SearchQuery {
  readonly matches: (text: string) => boolean
  /** Where it stands in a text: at most 100 places. */
  readonly ranges: (text: string) => readonly Range[]
}

export type ParsedQuery =
  | { readonly ok: true; readonly query: SearchQuery | undefined }
  | { readonly ok: false; readonly problem: string }

const most = 100
// Other letters after the last slash make it a path, such as `/api/users`.
const expression = /^\/(.+)\/([dgimsuvy]*)$/s

/**
 * Reads what was typed: plain text in any case, or `/regular expression/flags`, in any case too unless flags are given.
 * An expression that is not finished is not ok, and its problem is put in words.
 */
export function parseQuery(typed: string): ParsedQuery {
  if (typed.trim() === '') return { ok: true, query: undefined }
  const [, source, flags = ''] = expression.exec(typed) ?? []
  if (source === undefined) return { ok: true, query: plainQuery(typed) }
  try {
    const wanted = flags === '' ? 'i' : flags.replace(/[gy]/g, '')
    return { ok: true, query: expressionQuery(new RegExp(source, `${wanted}g`)) }
  } catch (error) {
    return { ok: false, problem: explain(error) }
  }
}

function plainQuery(typed: string): SearchQuery {
  // By an expression and not by lower-casing, which moves places: `İ` is one character and two in lower case.
  const escaped = typed.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')
  return expressionQuery(new RegExp(escaped, 'gi'))
}

function expressionQuery(pattern: RegExp): SearchQuery {
  return {
    matches(text) {
      pattern.lastIndex = 0
      return pattern.test(text)
    },
    ranges(text) {
      const ranges: Range[] = []
      pattern.lastIndex = 0
      for (const match of text.matchAll(pattern)) {
        if (match[0].length > 0) ranges.push([match.index, match.index + match[0].length])
        if (ranges.length === most) break
      }
      return ranges
    },
  }
}

function explain(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  // Engines repeat the whole expression before what is wrong with it.
  const reason = message.split(': ').at(-1) ?? message
  return `Not a regular expression yet: ${reason.charAt(0).toLowerCase()}${reason.slice(1)}`
}
