import { byId, make } from './dom.ts'
import type { LineEntry } from './entry.ts'
import { inline } from './row.ts'
import type { SearchQuery } from './search-query.ts'
import { textPieces } from './text-pieces.ts'
import { formatBytes, formatFull } from './words.ts'

/** Shows one line in full below the list. */
export function setUpDetails(actions: { readonly copy: () => void; readonly closed: () => void }): {
  readonly open: boolean
  show(line: LineEntry, query: SearchQuery | undefined): void
  close(): void
} {
  const panel = byId('details', HTMLElement)
  const facts = make('p', 'facts')
  const text = make('pre')
  const copy = button('Copy', 'Copy the selected lines (c)', actions.copy)
  const close = button('Close', 'Close (Escape)', hide)
  text.tabIndex = 0
  panel.append(make('div', 'details-head', facts, make('div', 'tools', copy, close)), text)

  function hide(): void {
    if (panel.hidden) return
    panel.hidden = true
    actions.closed()
  }

  return {
    get open() {
      return !panel.hidden
    },
    show(line, query) {
      facts.replaceChildren(...factsOf(line))
      const whole = pretty(line.text)
      text.replaceChildren(...inline(textPieces(whole, query?.ranges(whole) ?? [])))
      text.scrollTop = 0
      panel.hidden = false
    },
    close: hide,
  }
}

function factsOf(line: LineEntry): Node[] {
  const level = make('span', 'level', line.level === 'unknown' ? 'no level' : line.level)
  level.dataset.level = line.level
  const facts: Node[] = [level, make('span', '', line.file)]
  if (line.time !== undefined) facts.push(make('span', '', formatFull(line.time)))
  facts.push(make('span', '', `at byte ${line.byte}`))
  if (line.omitted > 0) facts.push(make('span', '', `${formatBytes(line.omitted)} left out at the end`))
  return facts
}

/** JSON over several lines; anything else as it is. */
function pretty(text: string): string {
  if (!text.startsWith('{')) return text
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}

function button(label: string, title: string, run: () => void): HTMLButtonElement {
  const element = make('button', 'button', label)
  element.type = 'button'
  element.title = title
  element.addEventListener('click', run)
  return element
}
