import { type Level, levels } from '@millrace/sample-contracts'
import { byId, make, setText } from './dom.ts'
import { formatCount } from './words.ts'

const loudestFirst = [...levels].reverse()

/** Buttons that show and hide levels, with how many lines each has. */
export function setUpLevelFilter(onChange: (hidden: ReadonlySet<Level>) => void): {
  update(countOf: (level: Level) => number): void
  showAll(): void
} {
  const hidden = new Set<Level>()
  const counts = new Map<Level, HTMLElement>()
  const buttons = new Map<Level, HTMLButtonElement>()

  function show(): void {
    for (const [level, button] of buttons) button.setAttribute('aria-pressed', String(!hidden.has(level)))
    onChange(new Set(hidden))
  }

  /** Shows this level alone; all of them where it was alone already. */
  function only(level: Level): void {
    const alone = !hidden.has(level) && hidden.size === levels.length - 1
    for (const other of levels) {
      if (alone || other === level) hidden.delete(other)
      else hidden.add(other)
    }
    show()
  }

  for (const level of loudestFirst) {
    const count = make('span', 'count')
    const button = make(
      'button',
      'level-button',
      make('span', 'name', level === 'unknown' ? 'other' : level),
      count,
    )
    button.type = 'button'
    button.dataset.level = level
    button.title = 'Show or hide. Double-click, or with Shift: only this'
    button.setAttribute('aria-pressed', 'true')
    button.addEventListener('click', (event) => {
      if (event.shiftKey) {
        only(level)
        return
      }
      // The second click of a double-click is `dblclick`'s: by then the first has taken back nothing.
      if (event.detail > 1) return
      if (!hidden.delete(level)) hidden.add(level)
      show()
    })
    button.addEventListener('dblclick', () => {
      hidden.delete(level)
      only(level)
    })
    buttons.set(level, button)
    counts.set(level, count)
    byId('levels', HTMLFieldSetElement).append(button)
  }

  return {
    showAll() {
      hidden.clear()
      show()
    },
    update(countOf) {
      for (const [level, count] of counts) {
        const lines = countOf(level)
        setText(count, formatCount(lines))
        buttons.get(level)?.classList.toggle('none', lines === 0)
      }
    },
  }
}
