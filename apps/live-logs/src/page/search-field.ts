import { byId, setText } from './dom.ts'
import { parseQuery, type SearchQuery } from './search-query.ts'

/** The search field. While an expression is not finished the last good search stays, and a note says what is wrong. */
export function setUpSearchField(onQuery: (query: SearchQuery | undefined) => void): {
  focus(): void
  /** Empties the field; `false` when it was empty. */
  clear(): boolean
  /** Whether the person is writing in it. */
  readonly focused: boolean
  blur(): void
} {
  const field = byId('search', HTMLInputElement)
  const note = byId('search-note', HTMLParagraphElement)

  function read(): void {
    const parsed = parseQuery(field.value)
    field.setAttribute('aria-invalid', String(!parsed.ok))
    setText(note, parsed.ok ? '' : parsed.problem)
    if (parsed.ok) onQuery(parsed.query)
  }

  field.addEventListener('input', read)
  field.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') field.blur()
  })

  return {
    get focused() {
      return document.activeElement === field
    },
    focus() {
      field.focus()
      field.select()
    },
    blur: () => field.blur(),
    clear() {
      if (field.value === '') return false
      field.value = ''
      read()
      return true
    },
  }
}
