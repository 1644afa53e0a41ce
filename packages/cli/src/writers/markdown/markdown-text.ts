import type { LabelPart } from '../documentation/type-label.ts'

/** Words of the contract's author as Markdown: his own marks hold, markup of HTML does not. */
export function prose(text: string): string {
  return withoutHtml(text.trim())
}

function withoutHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}

/** The same for a heading, which is one line. */
export function heading(text: string): string {
  return prose(text).replaceAll(/\s*\r?\n\s*/g, ' ')
}

/** The same for a cell of a table, which is one line. */
export function cell(text: string): string {
  return prose(text)
    .replaceAll('|', '\\|')
    .replaceAll(/\s*\r?\n\s*/g, ' ')
}

/** Text that stands as it is, with marks around it that it does not hold itself. */
export function code(text: string): string {
  const runs = text.match(/`+/g) ?? []
  const marks = '`'.repeat(Math.max(0, ...runs.map((run) => run.length)) + 1)
  const space = text.startsWith('`') || text.endsWith('`') ? ' ' : ''
  return `${marks}${space}${text}${space}${marks}`
}

/** Code in a cell of a table, where a bar ends the cell even within code. */
export function cellCode(text: string): string {
  return code(text.replaceAll('|', '\\|').replaceAll(/\r?\n/g, ' '))
}

/** The name of a link's target, as readers of Markdown make it from what a heading shows. */
export function anchorOf(text: string): string {
  return text
    .trim()
    .replaceAll(/\s*\r?\n\s*/g, ' ')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-')
}

export function labelText(label: readonly LabelPart[], toHeading: (definition: string) => string): string {
  return label
    .map(({ text, definition, isValue }) => {
      if (definition !== undefined) return `[${cell(text)}](#${anchorOf(toHeading(definition))})`
      return isValue === true ? cellCode(text) : withoutHtml(text)
    })
    .join('')
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n')
}

export function block(language: string, text: string): string {
  const runs = text.match(/`{3,}/g) ?? []
  const fence = '`'.repeat(Math.max(3, ...runs.map((run) => run.length + 1)))
  return `${fence}${language}\n${text}\n${fence}`
}
