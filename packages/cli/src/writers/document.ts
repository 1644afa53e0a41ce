import { stringify } from 'yaml'

/** A document as plain JSON data. */
export interface JsonDocument {
  readonly [member: string]: unknown
}

/** Writes a document out. The members keep their order, so equal contracts give equal texts. */
export function formatDocument(document: JsonDocument, format: 'json' | 'yaml'): string {
  if (format === 'json') return `${JSON.stringify(document, null, 2)}\n`
  return stringify(document, {
    aliasDuplicateObjects: false,
    lineWidth: 110,
    singleQuote: true,
    compat: 'yaml-1.1',
  })
}

/** An object without the members that are `undefined`. */
export function present(members: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))
}
