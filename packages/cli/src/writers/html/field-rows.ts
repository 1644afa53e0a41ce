import type { Field, FieldOption } from '../documentation/field.ts'
import type { LabelPart } from '../documentation/type-label.ts'
import { typeHref } from './anchors.ts'
import { type Content, html, inline, type Markup } from './html-text.ts'

/** The members of an object as a table. Depth shows as indentation; the name of a row is whole for those who hear it. */
export function fieldRows(fields: readonly (Field | FieldOption)[]): Markup | undefined {
  if (fields.length === 0) return undefined
  return html`<table class="fields">
<thead><tr><th>Field</th><th>Type</th><th>About</th></tr></thead>
<tbody>
${fields.map((field) => ('option' in field ? optionRow(field) : fieldRow(field)))}</tbody>
</table>`
}

function fieldRow(field: Field): Markup {
  const parent = field.path.slice(0, field.path.length - field.name.length)
  return html`<tr class="${field.deprecated ? 'old' : ''}" style="--depth:${field.depth}"><th scope="row"><code><span class="from">${parent}</span>${field.name}</code>${
    field.required ? undefined : html` <span class="mark">optional</span>`
  }${field.deprecated ? html` <span class="mark warn">deprecated</span>` : undefined}</th><td class="type">${label(field.type)}</td><td>${about(field)}</td></tr>
`
}

function about({ description, constraints }: Field): Content {
  return [
    description === undefined ? undefined : html`<span class="said">${inline(description)}</span>`,
    constraints.length === 0
      ? undefined
      : html`<span class="rules">${constraints.map((rule) => html`<span>${inline(rule)}</span>`)}</span>`,
  ]
}

function optionRow({ option, depth }: FieldOption): Markup {
  return html`<tr class="option" style="--depth:${depth}"><th scope="rowgroup" colspan="3">${label(option)}</th></tr>
`
}

/** A type in words, whose names lead to where they are explained. */
export function label(parts: readonly LabelPart[]): Content {
  return parts.map(({ text, definition, isValue }) => {
    if (definition !== undefined) return html`<a href="${typeHref(definition)}">${text}</a>`
    return isValue === true ? html`<code>${text}</code>` : text
  })
}
