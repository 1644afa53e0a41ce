import { byId, make, setText } from './dom.ts'
import { formatCount } from './words.ts'

/** How a followed file is. */
export type FileCondition = 'followed' | 'missing' | 'unreadable'

interface Item {
  readonly box: HTMLInputElement
  readonly name: HTMLElement
  readonly state: HTMLElement
  readonly count: HTMLElement
}

/** A menu of the followed files, to show and hide each. */
export function setUpFileMenu(onChange: (hidden: ReadonlySet<string>) => void): {
  /** Tells of a file; one that is new is added. */
  tell(file: string, condition: FileCondition): void
  update(nameOf: (file: string) => string, countOf: (file: string) => number): void
  showAll(): void
  /** Closes the menu; `false` when it was closed. */
  close(): boolean
} {
  const hidden = new Set<string>()
  const items = new Map<string, Item>()
  const summary = make('summary', 'button')
  const list = make('div', 'file-list')
  const menu = make('details', 'file-menu', summary, list)
  byId('files', HTMLDivElement).append(menu)

  function showSummary(nameOf: (file: string) => string): void {
    const [only] = items.keys()
    const shown = items.size - hidden.size
    if (items.size === 1 && only !== undefined && shown === 1) setText(summary, nameOf(only))
    else if (hidden.size === 0)
      setText(summary, items.size === 0 ? 'No files yet' : `All ${items.size} files`)
    else setText(summary, `${shown} of ${items.size} files`)
  }

  function add(file: string): Item {
    const box = make('input')
    box.type = 'checkbox'
    box.checked = true
    const item = {
      box,
      name: make('span', 'name'),
      state: make('span', 'state'),
      count: make('span', 'count'),
    }
    const label = make('label', '', box, item.name, item.state, item.count)
    label.title = file
    box.addEventListener('change', () => {
      if (box.checked) hidden.delete(file)
      else hidden.add(file)
      onChange(new Set(hidden))
    })
    items.set(file, item)
    list.append(label)
    return item
  }

  document.addEventListener('pointerdown', (event) => {
    if (menu.open && event.target instanceof Node && !menu.contains(event.target)) menu.open = false
  })

  return {
    tell(file, condition) {
      const item = items.get(file) ?? add(file)
      setText(item.state, condition === 'followed' ? '' : condition)
    },
    update(nameOf, countOf) {
      for (const [file, item] of items) {
        setText(item.name, nameOf(file))
        setText(item.count, formatCount(countOf(file)))
      }
      showSummary(nameOf)
    },
    showAll() {
      hidden.clear()
      for (const { box } of items.values()) box.checked = true
      onChange(new Set())
    },
    close() {
      const open = menu.open
      menu.open = false
      if (open) summary.focus()
      return open
    },
  }
}
