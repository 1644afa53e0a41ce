/**
 * Text with the places where it may break into lines. A group stays on one line where it fits; else all of its own lines
 * break. `states` are other forms for a group that does not fit: the first that does, else the last.
 */
export type Doc =
  | string
  | readonly Doc[]
  | { readonly kind: 'line'; readonly flat: string; readonly hard: boolean }
  | { readonly kind: 'indent'; readonly content: Doc }
  | Group
  | { readonly kind: 'if-broken'; readonly broken: string; readonly flat: string }
  | { readonly kind: 'fill'; readonly items: readonly Doc[] }
  /** Lines that are made to fit where they stand. */
  | { readonly kind: 'comment'; lines(width: number): readonly string[] }

export interface Group {
  readonly kind: 'group'
  readonly content: Doc
  readonly broken: boolean
  readonly states?: readonly Doc[]
  /** Whether the first of them fits only if all of its lines do. */
  readonly whole?: boolean
}

/** A space, or a new line. */
export const line: Doc = { kind: 'line', flat: ' ', hard: false }
/** Nothing, or a new line. */
export const softLine: Doc = { kind: 'line', flat: '', hard: false }
/** Always a new line; it breaks the groups around it. */
export const hardLine: Doc = { kind: 'line', flat: '', hard: true }
/** A comma where the group is broken. */
export const trailingComma: Doc = { kind: 'if-broken', broken: ',', flat: '' }

export function indent(content: Doc): Doc {
  return { kind: 'indent', content }
}

/** `states` are the forms to take where `content` does not fit on one line up to its first break. */
export function group(
  content: Doc,
  {
    broken = false,
    states,
    whole = false,
  }: { broken?: boolean; states?: readonly Doc[]; whole?: boolean } = {},
): Doc {
  const breaks = broken || (states === undefined && willBreak(content))
  return { kind: 'group', content, broken: breaks, whole, ...(states === undefined ? {} : { states }) }
}

/** Short items, as many on a line as fit. */
export function fill(items: readonly Doc[]): Doc {
  return { kind: 'fill', items }
}

export function join(separator: Doc, docs: readonly Doc[]): readonly Doc[] {
  return docs.flatMap((doc, index) => (index === 0 ? [doc] : [separator, doc]))
}

/** Whether a doc has a line that breaks in any case. */
export function willBreak(doc: Doc): boolean {
  if (typeof doc === 'string') return false
  if (isList(doc)) return doc.some(willBreak)
  switch (doc.kind) {
    case 'line':
      return doc.hard
    case 'indent':
      return willBreak(doc.content)
    case 'group':
      return doc.broken || willBreak(doc.content)
    case 'fill':
      return doc.items.some(willBreak)
    default:
      return false
  }
}

export function isList(doc: Doc): doc is readonly Doc[] {
  return Array.isArray(doc)
}

/** A doc on one line. */
export function printFlat(doc: Doc): string {
  if (typeof doc === 'string') return doc
  if (isList(doc)) return doc.map(printFlat).join('')
  switch (doc.kind) {
    case 'comment':
      return doc.lines(Number.POSITIVE_INFINITY).join(' ')
    case 'line':
    case 'if-broken':
      return doc.flat
    case 'fill':
      return doc.items.map(printFlat).join('')
    default:
      return printFlat(doc.content)
  }
}
