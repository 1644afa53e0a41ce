import type { Field, FieldOption } from '../documentation/field.ts'
import { cell, cellCode, labelText, table } from './markdown-text.ts'

/** The members of an object as a table; nothing when it has none. */
export function fieldTable(
  fields: readonly (Field | FieldOption)[],
  toHeading: (definition: string) => string,
): readonly string[] {
  if (fields.length === 0) return []
  const rows = fields.map((field): readonly string[] => {
    if ('option' in field) return [`*${labelText(field.option, toHeading)}*`, '', '']
    const notes = [
      ...(field.deprecated ? ['**Deprecated.**'] : []),
      ...(field.description === undefined ? [] : [cell(field.description)]),
      ...(field.constraints.length === 0 ? [] : [cell(capital(field.constraints.join(', ')))]),
    ]
    const name = `${cellCode(field.path)}${field.required ? '' : ' *(optional)*'}`
    return [name, labelText(field.type, toHeading), notes.map(sentence).join(' ')]
  })
  return [table(['field', 'type', ''], rows)]
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function sentence(text: string): string {
  return /[.!?:*]$/.test(text) ? text : `${text}.`
}
