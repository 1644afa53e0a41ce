import { make } from './dom.ts'
import { listWindow, scrollToShow } from './list-window.ts'

/** What the list shows. */
export interface ListSource {
  readonly length: number
  /** The number of the entry in this place, under which its row is known. */
  at(index: number): number | undefined
  /** The place of the first entry with this number or a higher one. */
  indexOf(number: number): number
  fill(row: HTMLElement, number: number): void
}

const beyond = 10
// Rounding of pixels, and fingers, rarely stop at the very end.
const nearEnd = 8

/**
 * Shows a long list with only as many rows as can be seen. Rows have one height, set by the style sheet (`--row`).
 * It stays at the end as rows are added until the person scrolls away from it, and stays where it is from then on.
 */
export class VirtualList {
  readonly #view: HTMLElement
  readonly #source: ListSource
  readonly #onFollowing: (following: boolean) => void
  readonly #space = make('div', 'space')
  readonly #rows = new Map<number, HTMLElement>()
  #rowHeight = 1
  #following = true
  #active: number | undefined
  #anchor: number | undefined
  #selected: { readonly from: number; readonly to: number } | undefined

  constructor(view: HTMLElement, source: ListSource, onFollowing: (following: boolean) => void) {
    this.#view = view
    this.#source = source
    this.#onFollowing = onFollowing
    this.#space.setAttribute('role', 'presentation')
    view.append(this.#space)
    view.addEventListener('scroll', () => this.#scrolled(), { passive: true })
    // While lines pour in, a scroll event alone would come too late: the list would have jumped to the end again.
    view.addEventListener('wheel', (event) => event.deltaY < 0 && this.#leaveEnd(), { passive: true })
    new ResizeObserver(() => this.measure()).observe(view)
    this.measure()
  }

  get following(): boolean {
    return this.#following
  }

  /** The number of the entry that the keyboard is at. */
  get active(): number | undefined {
    return this.#active
  }

  /** The numbers of the first and last selected entry. */
  get selected(): { readonly from: number; readonly to: number } | undefined {
    return this.#selected
  }

  /** Reads the height of a row anew, keeping the first visible row in its place. */
  measure(): void {
    const height = Number.parseFloat(getComputedStyle(this.#view).getPropertyValue('--row')) || 22
    const top = this.#view.scrollTop / this.#rowHeight
    this.#rowHeight = height
    this.update(0)
    if (!this.#following) this.#view.scrollTop = top * height
    this.#draw()
  }

  /** Takes in that the source changed. @param dropped how many entries went from the front */
  update(dropped: number): void {
    this.#space.style.height = `${this.#source.length * this.#rowHeight}px`
    if (this.#following) this.#view.scrollTop = this.#view.scrollHeight
    else if (dropped > 0) this.#view.scrollTop -= dropped * this.#rowHeight
    this.#draw()
  }

  /** Takes in that every entry may look different, or stand elsewhere. Keeps an entry in its place where it can. */
  refresh(): void {
    const index = Math.floor(this.#view.scrollTop / this.#rowHeight)
    const kept = this.#rows.size > 0 ? this.#topNumber() : undefined
    const within = this.#view.scrollTop - index * this.#rowHeight
    this.#clearRows()
    this.#space.style.height = `${this.#source.length * this.#rowHeight}px`
    if (this.#following) this.#view.scrollTop = this.#view.scrollHeight
    else if (kept !== undefined) this.#view.scrollTop = this.#source.indexOf(kept) * this.#rowHeight + within
    this.#draw()
  }

  toEnd(): void {
    this.#setFollowing(true)
    this.update(0)
  }

  toStart(): void {
    this.#leaveEnd()
    this.#view.scrollTop = 0
    this.#draw()
  }

  page(direction: 1 | -1): void {
    if (direction < 0) this.#leaveEnd()
    this.#view.scrollTop += direction * (this.#view.clientHeight - this.#rowHeight)
  }

  /** Moves the keyboard's place by so many entries, from the last visible one where it has none. */
  move(by: number, extend: boolean): void {
    const { length } = this.#source
    if (length === 0) return
    const bottom = Math.floor((this.#view.scrollTop + this.#view.clientHeight) / this.#rowHeight) - 1
    const from =
      this.#active === undefined ? Math.min(length, bottom + 1) : this.#source.indexOf(this.#active)
    const index = Math.max(0, Math.min(length - 1, from + by))
    const number = this.#source.at(index)
    if (number === undefined) return
    if (index < length - 1) this.#leaveEnd()
    this.select(number, extend)
    this.#view.scrollTop = scrollToShow(index, {
      scrollTop: this.#view.scrollTop,
      height: this.#view.clientHeight,
      rowHeight: this.#rowHeight,
    })
    this.#draw()
  }

  /** Selects an entry, or from the one that selecting began with up to it. */
  select(number: number | undefined, extend = false): void {
    const anchor = this.#selected === undefined ? number : this.#anchor
    this.#active = number
    if (number === undefined) this.#selected = undefined
    else if (extend && anchor !== undefined) {
      this.#selected = { from: Math.min(anchor, number), to: Math.max(anchor, number) }
    } else {
      this.#anchor = number
      this.#selected = { from: number, to: number }
    }
    for (const [shown, row] of this.#rows) this.#markSelected(row, shown)
    if (number === undefined) this.#view.removeAttribute('aria-activedescendant')
    else this.#view.setAttribute('aria-activedescendant', rowId(number))
  }

  /** The number of the entry whose row an event happened in. */
  numberOf(target: EventTarget | null): number | undefined {
    const row = target instanceof Element ? target.closest<HTMLElement>('.row') : null
    return row?.dataset.number === undefined ? undefined : Number(row.dataset.number)
  }

  #topNumber(): number | undefined {
    let lowest: number | undefined
    const top = this.#view.scrollTop - this.#rowHeight
    for (const [number, row] of this.#rows) {
      if (Number(row.dataset.top) > top && (lowest === undefined || number < lowest)) lowest = number
    }
    return lowest
  }

  #scrolled(): void {
    const { scrollTop, scrollHeight, clientHeight } = this.#view
    const atEnd = scrollTop + clientHeight >= scrollHeight - nearEnd
    if (atEnd) this.#setFollowing(true)
    else if (this.#following && scrollTop < this.#endTop()) this.#setFollowing(false)
    this.#draw()
  }

  #endTop(): number {
    return this.#source.length * this.#rowHeight - this.#view.clientHeight - nearEnd
  }

  #leaveEnd(): void {
    if (this.#view.scrollHeight > this.#view.clientHeight) this.#setFollowing(false)
  }

  #setFollowing(following: boolean): void {
    if (this.#following === following) return
    this.#following = following
    this.#onFollowing(following)
  }

  #draw(): void {
    const { scrollTop, clientHeight } = this.#view
    const { first, end } = listWindow({
      scrollTop,
      height: clientHeight,
      rowHeight: this.#rowHeight,
      count: this.#source.length,
      beyond,
    })
    const wanted = new Map<number, number>()
    for (let index = first; index < end; index += 1) {
      const number = this.#source.at(index)
      if (number !== undefined) wanted.set(number, index)
    }
    const spare: HTMLElement[] = []
    for (const [number, row] of this.#rows) {
      if (wanted.has(number)) continue
      this.#rows.delete(number)
      spare.push(row)
    }
    for (const [number, index] of wanted) {
      let row = this.#rows.get(number)
      if (row === undefined) {
        row = spare.pop() ?? this.#makeRow()
        this.#rows.set(number, row)
        this.#fill(row, number)
      }
      this.#place(row, index)
    }
    for (const row of spare) row.remove()
    this.#order(wanted.keys())
  }

  /** Rows stand in the document as they stand on the screen, for selections by mouse and for screen readers. */
  #order(numbers: Iterable<number>): void {
    let next = this.#space.firstElementChild
    for (const number of numbers) {
      const row = this.#rows.get(number)
      if (row === undefined) continue
      if (row === next) next = next.nextElementSibling
      else this.#space.insertBefore(row, next)
    }
  }

  #makeRow(): HTMLElement {
    const row = make('div', 'row')
    row.setAttribute('role', 'option')
    this.#space.append(row)
    return row
  }

  #fill(row: HTMLElement, number: number): void {
    row.dataset.number = String(number)
    row.id = rowId(number)
    this.#source.fill(row, number)
    this.#markSelected(row, number)
  }

  #place(row: HTMLElement, index: number): void {
    const top = String(index * this.#rowHeight)
    if (row.dataset.top !== top) {
      row.dataset.top = top
      row.style.transform = `translateY(${top}px)`
    }
    row.setAttribute('aria-posinset', String(index + 1))
    row.setAttribute('aria-setsize', String(this.#source.length))
  }

  #markSelected(row: HTMLElement, number: number): void {
    const range = this.#selected
    const selected = range !== undefined && number >= range.from && number <= range.to
    row.setAttribute('aria-selected', String(selected))
    row.classList.toggle('selected', selected)
    row.classList.toggle('active', number === this.#active)
  }

  #clearRows(): void {
    for (const row of this.#rows.values()) row.remove()
    this.#rows.clear()
  }
}

function rowId(number: number): string {
  return `row-${number}`
}
