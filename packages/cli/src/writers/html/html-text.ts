/** Markup that is ready to stand in a page, in contrast to text, which has to be escaped first. */
export interface Markup {
  readonly markup: string
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** What a template may hold: text is escaped, markup is not, of a list each; nothing for `undefined`. */
export type Content = string | number | Markup | undefined | readonly Content[]

/** Markup in which every value is escaped, in texts and in attributes between quotes. */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return {
    markup: strings
      .map((part, index) => `${part}${index < values.length ? toMarkup(values[index]) : ''}`)
      .join(''),
  }
}

function toMarkup(content: Content): string {
  if (content === undefined) return ''
  if (typeof content === 'string')
    return content.replaceAll(/[&<>"']/g, (character) => escapes[character] ?? '')
  if (typeof content === 'number') return String(content)
  return 'markup' in content ? content.markup : content.map(toMarkup).join('')
}

/** Words of the contract's author: paragraphs, and code between backticks. */
export function prose(text: string | undefined): readonly Markup[] {
  const paragraphs =
    text
      ?.trim()
      .split(/\r?\n\s*\r?\n/)
      .filter((paragraph) => paragraph !== '') ?? []
  return paragraphs.map((paragraph) => html`<p>${inline(paragraph)}</p>`)
}

/** The same within a line. */
export function inline(text: string): readonly Content[] {
  return text.split(/`([^`]+)`/).map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part))
}
