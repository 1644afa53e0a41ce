import { isOnOneLine } from '../documentation/json-text.ts'
import { type Content, html, type Markup } from './html-text.ts'

/** A value as indented JSON, with its parts told apart for colours. */
export function jsonMarkup(value: unknown, indent = ''): Markup {
  if (typeof value !== 'object' || value === null) {
    const kind = typeof value === 'string' ? 's' : typeof value === 'number' ? 'n' : 'l'
    return html`<span class="${kind}">${JSON.stringify(value)}</span>`
  }
  if (isOnOneLine(value) && Array.isArray(value)) {
    return html`[${value.map((item, index) => [index === 0 ? '' : ', ', jsonMarkup(item)])}]`
  }
  const inner = `${indent}  `
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}']
  const items = Array.isArray(value)
    ? value.map((item) => jsonMarkup(item, inner))
    : Object.entries(value).map(
        ([key, member]) => html`<span class="k">${JSON.stringify(key)}</span>: ${jsonMarkup(member, inner)}`,
      )
  if (items.length === 0) return html`${open}${close}`
  const lines = items.map((item, index): Content => [`\n${inner}`, item, index < items.length - 1 ? ',' : ''])
  return html`${open}${lines}\n${indent}${close}`
}
