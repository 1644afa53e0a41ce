/** What a JSDoc comment says of something. */
export interface Remark {
  readonly text?: string | undefined
  readonly deprecated?: boolean | undefined
  /** The default, as JSON. */
  readonly preset?: string | undefined
}

/** Whether there is nothing to say. */
export function isSilent({ text, deprecated, preset }: Remark): boolean {
  return (text === undefined || text.trim() === '') && deprecated !== true && preset === undefined
}

/** The lines of a JSDoc comment, where words allow no longer than `width`. */
export function commentLines({ text, deprecated, preset }: Remark, width: number): readonly string[] {
  const tags = [
    ...(deprecated === true ? ['@deprecated'] : []),
    ...(preset === undefined ? [] : [`@default ${safe(preset)}`]),
  ]
  const body = text === undefined ? [] : paragraphs(safe(text.trim()), width - 3)
  const rows = [...body, ...(body.length > 1 && tags.length > 0 ? [''] : []), ...tags]
  if (rows.length === 0) return []
  const [only = ''] = rows
  if (rows.length === 1 && only.length + 7 <= width) return [`/** ${only} */`]
  return ['/**', ...rows.map((row) => (row === '' ? ' *' : ` * ${row}`)), ' */']
}

// `@` would begin a tag, and `*/` the code.
function safe(text: string): string {
  return text
    .replace(/\*\//g, '*\\/')
    .replace(/^(\s*)@/gm, '$1\\@')
    .replace(/[^\P{Cc}\n]/gu, ' ')
}

// The author's line breaks stay, since they may be a list or a table; longer lines are wrapped.
function paragraphs(text: string, width: number): readonly string[] {
  return text.split('\n').flatMap((row) => wrap(row.trimEnd(), width))
}

function wrap(row: string, width: number): readonly string[] {
  if (row.length <= width) return [row]
  const rows: string[] = []
  let current = ''
  for (const word of row.split(' ')) {
    if (current !== '' && current.length + 1 + word.length > width) {
      rows.push(current)
      current = word
    } else {
      current = current === '' ? word : `${current} ${word}`
    }
  }
  return [...rows, current]
}
