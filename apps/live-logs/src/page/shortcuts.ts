import { byId, make } from './dom.ts'

/** What keys do. */
export interface ShortcutActions {
  search(): void
  togglePause(): void
  toStart(): void
  toEnd(): void
  page(direction: 1 | -1): void
  move(by: 1 | -1, extend: boolean): void
  open(): void
  copy(): void
  toggleTheme(): void
  /** Closes or clears what is nearest to that. */
  escape(): void
}

const help: readonly (readonly [keys: readonly string[], meaning: string])[] = [
  [['/'], 'search'],
  [['Space'], 'pause and resume'],
  [['G', 'End'], 'jump to the latest line, and follow'],
  [['g', 'Home'], 'go to the oldest line'],
  [['↑', '↓'], 'select a line; more lines with Shift'],
  [['Enter'], 'show the line in full'],
  [['c'], 'copy the selected lines'],
  [['t'], 'light or dark'],
  [['Esc'], 'close, or clear the search'],
]

/** Listens to the keyboard, except where the person is writing or works a button. */
export function setUpShortcuts(actions: ShortcutActions): void {
  const dialog = byId('shortcuts', HTMLDialogElement)
  const title = make('h2', '', 'Keyboard shortcuts')
  title.id = 'shortcuts-title'
  const close = make('button', 'button', 'Close')
  close.addEventListener('click', () => dialog.close())
  const list = make('dl')
  for (const [keys, meaning] of help) {
    list.append(make('dt', '', ...keys.map((key) => make('kbd', '', key))), make('dd', '', meaning))
  }
  dialog.append(title, list, close)
  dialog.addEventListener('click', (event) => event.target === dialog && dialog.close())
  byId('help', HTMLButtonElement).addEventListener('click', () => dialog.showModal())

  const keys: Readonly<Record<string, (event: KeyboardEvent) => void>> = {
    '/': () => actions.search(),
    ' ': () => actions.togglePause(),
    g: () => actions.toStart(),
    G: () => actions.toEnd(),
    Home: () => actions.toStart(),
    End: () => actions.toEnd(),
    PageUp: () => actions.page(-1),
    PageDown: () => actions.page(1),
    ArrowUp: (event) => actions.move(-1, event.shiftKey),
    ArrowDown: (event) => actions.move(1, event.shiftKey),
    k: () => actions.move(-1, false),
    j: () => actions.move(1, false),
    Enter: () => actions.open(),
    c: () => actions.copy(),
    t: () => actions.toggleTheme(),
    '?': () => dialog.showModal(),
  }

  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || dialog.open || event.isComposing) return
    if (event.key === 'Escape') {
      actions.escape()
      return
    }
    const copies =
      (event.ctrlKey || event.metaKey) && event.key === 'c' && document.getSelection()?.isCollapsed
    if (copies && !isWriting(event.target)) {
      event.preventDefault()
      actions.copy()
      return
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return
    if (isControl(event.target) && (event.key === ' ' || event.key === 'Enter')) return
    const action = keys[event.key]
    if (action === undefined) return
    event.preventDefault()
    action(event)
  })
}

function isWriting(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement && target.type !== 'checkbox'
}

function isControl(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('button, summary, input, a') !== null
}
