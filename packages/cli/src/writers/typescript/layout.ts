/** Source text that is yet to be broken into lines. */
export type Layout = string | readonly Layout[] | Group | Union

/** Items between brackets: on one line where they fit, else each on a line of its own. */
export interface Group {
  readonly open: string
  readonly close: string
  readonly items: readonly Layout[]
  /** Between items on one line, without its space. */
  readonly separator: ',' | ';'
  /** Whether each item stands on a line of its own even where all would fit on one. */
  readonly broken?: boolean
  /** Whether the last of several lines ends with the separator, too. @default true for `,` */
  readonly trailing?: boolean
}

/** `A | B`. */
export interface Union {
  readonly operator: '|' | '&'
  readonly operands: readonly Layout[]
}

/** Longest line. */
const width = 110

/** Breaks a layout into lines. `column` is where its first line begins, `indent` where its later lines do. */
export function printLayout(layout: Layout, indent = 0, column = indent): string {
  const line = flat(layout)
  if (line !== undefined && column + line.length <= width) return line
  if (typeof layout === 'string') return layout.replaceAll('\n', `\n${' '.repeat(indent)}`)
  if ('operands' in layout) {
    const begin = `\n${' '.repeat(indent + 2)}${layout.operator} `
    return layout.operands.map((item) => `${begin}${printLayout(item, indent + 4, indent + 4)}`).join('')
  }
  if ('items' in layout) {
    const begin = `\n${' '.repeat(indent + 2)}`
    const end = layout.separator === ',' ? ',' : ''
    const lines = layout.items.map((item) => `${begin}${printLayout(item, indent + 2)}`)
    const items = `${lines.join(end)}${layout.trailing === false ? '' : end}`
    return `${layout.open.trimEnd()}${items}\n${' '.repeat(indent)}${layout.close.trimStart()}`
  }
  let text = ''
  for (const part of layout) {
    const last = text.slice(text.lastIndexOf('\n') + 1).length
    const next = printLayout(part, indent, text.includes('\n') ? last : column + last)
    text = next.startsWith('\n') ? `${text.trimEnd()}${next}` : `${text}${next}`
  }
  return text
}

/** The layout on one line; `undefined` when it cannot be. */
function flat(layout: Layout): string | undefined {
  if (typeof layout === 'string') return layout.includes('\n') ? undefined : layout
  if ('operands' in layout) return join(layout.operands, ` ${layout.operator} `)
  if ('items' in layout) {
    if (layout.items.length === 0) return `${layout.open.trimEnd()}${layout.close.trimStart()}`
    if (layout.broken === true) return undefined
    const items = join(layout.items, `${layout.separator} `)
    return items === undefined ? undefined : `${layout.open}${items}${layout.close}`
  }
  return join(layout, '')
}

function join(layouts: readonly Layout[], separator: string): string | undefined {
  const parts = layouts.map(flat)
  return parts.includes(undefined) ? undefined : parts.join(separator)
}
