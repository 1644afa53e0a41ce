import './style.css'
import { copyText } from './clipboard.ts'
import { setUpConnectionView } from './connection-view.ts'
import { describeReset } from './connection-words.ts'
import { describeCounts } from './count-words.ts'
import { setUpDetails } from './details.ts'
import { byId, setText } from './dom.ts'
import { setUpEmptyState } from './empty-state.ts'
import type { Entry } from './entry.ts'
import type { EntryFilter } from './entry-filter.ts'
import { EntryStore } from './entry-store.ts'
import { createEntryMaker } from './file-event-entry.ts'
import { setUpFileMenu } from './file-menu.ts'
import { shortNames } from './file-names.ts'
import { createFrame } from './frame.ts'
import { KnownLines } from './known-lines.ts'
import { setUpLevelFilter } from './level-filter.ts'
import { setUpPauseButton } from './pause-button.ts'
import { PauseGate } from './pause-gate.ts'
import { setUpPill } from './pill.ts'
import { setUpRateView } from './rate-view.ts'
import { fillRow } from './row.ts'
import { setUpSearchField } from './search-field.ts'
import { setUpShortcuts } from './shortcuts.ts'
import { ShownEntries } from './shown-entries.ts'
import { subscribeToFiles } from './source.ts'
import { setUpTheme } from './theme.ts'
import { VirtualList } from './virtual-list.ts'
import { formatCount, formatLines } from './words.ts'

/** Lines and marks that the page holds. */
const historyLimit = 50_000
/** Lines of each file by which one that is read again is known. */
const knownLimit = 5000

let filter: EntryFilter = { hiddenLevels: new Set(), hiddenFiles: new Set(), query: undefined }
let connected = false
let names: ReadonlyMap<string, string> = new Map()
/** Where the store ended when the person scrolled away from the latest line. */
let leftAt = 0
let notice = ''

const store = new EntryStore(historyLimit)
const shown = new ShownEntries(store, filter, (run) => setTimeout(run))
const known = new KnownLines(knownLimit)
const makeEntry = createEntryMaker()
const nameOf = (file: string) => names.get(file) ?? file

const incoming: Entry[] = []
const frame = createFrame(draw)
const gate = new PauseGate<Entry>(historyLimit, (entries) => {
  store.append(entries)
  frame.request()
})

const list = new VirtualList(
  byId('list', HTMLDivElement),
  {
    get length() {
      return shown.length
    },
    at: (index) => shown.at(index),
    indexOf: (number) => shown.indexOf(number),
    fill(row, number) {
      const entry = store.at(number)
      if (entry !== undefined) fillRow(row, entry, { query: filter.query, nameOf })
    },
  },
  () => {
    leftAt = store.end
    frame.request()
  },
)

const rate = setUpRateView()
const connection = setUpConnectionView()
const levelFilter = setUpLevelFilter((hiddenLevels) => applyFilter({ ...filter, hiddenLevels }))
const fileMenu = setUpFileMenu((hiddenFiles) => applyFilter({ ...filter, hiddenFiles }))
const search = setUpSearchField((query) => applyFilter({ ...filter, query }))
const pauseButton = setUpPauseButton(togglePause)
const pill = setUpPill(() => (gate.paused ? togglePause() : list.toEnd()))
const emptyState = setUpEmptyState(showAll)
const theme = setUpTheme(() => rate.draw())
const details = setUpDetails({
  copy: () => void copySelected(),
  closed: () => byId('list', HTMLDivElement).focus(),
})

function applyFilter(next: EntryFilter): void {
  filter = next
  shown.apply(next, () => {
    list.refresh()
    frame.request()
  })
}

function showAll(): void {
  levelFilter.showAll()
  fileMenu.showAll()
  search.clear()
}

function togglePause(): void {
  if (gate.paused) gate.resume()
  else gate.pause()
  pauseButton.show(gate.paused)
  frame.request()
}

/** Takes in what came since the last frame, and shows it. */
function draw(): void {
  gate.push(incoming.splice(0))
  const dropped = shown.update()
  list.update(dropped)
  levelFilter.update((level) => store.countOfLevel(level))
  fileMenu.update(nameOf, (file) => store.countOfFile(file))
  const newBelow = shown.length - shown.indexOf(leftAt)
  pill.show({ paused: gate.paused, held: gate.held, following: list.following, newBelow })
  emptyState.show(emptiness(), names.keys().next().value)
  const counts = { shown: shown.lines, held: store.lines, dropped: store.droppedLines, limit: historyLimit }
  setText(byId('count', HTMLParagraphElement), describeCounts(counts))
  setText(byId('hint', HTMLParagraphElement), notice)
  rate.update()
  document.title = gate.held > 0 ? `(${formatCount(gate.held)}) Live logs` : 'Live logs'
}

function emptiness() {
  if (shown.lines > 0) return undefined
  if (store.lines > 0) return 'filtered'
  return connected ? 'waiting' : 'disconnected'
}

/** Learns of a file, and gives every file the shortest name that tells them apart. */
function learnFile(file: string): void {
  if (names.has(file)) return
  names = shortNames([...names.keys(), file])
  document.body.classList.toggle('one-file', names.size === 1)
  list.refresh()
}

function openDetails(): void {
  const entry = list.active === undefined ? undefined : store.at(list.active)
  if (entry?.kind === 'line') details.show(entry, filter.query)
}

async function copySelected(): Promise<void> {
  const range = list.selected
  if (range === undefined) return tell('Select a line to copy it: click it, or use the arrow keys')
  const lines: string[] = []
  for (
    let index = shown.indexOf(range.from);
    (shown.at(index) ?? Number.POSITIVE_INFINITY) <= range.to;
    index += 1
  ) {
    const entry = store.at(shown.at(index) ?? -1)
    if (entry?.kind === 'line') lines.push(entry.text)
  }
  const copied = await copyText(lines.join('\n'))
  tell(copied ? `${formatLines(lines.length)} copied` : 'The browser does not let this page copy')
}

/** Says something at the foot of the page, for a while. */
function tell(text: string): void {
  notice = text
  frame.request()
  setTimeout(() => {
    if (notice === text) notice = ''
    frame.request()
  }, 4000)
}

byId('list', HTMLDivElement).addEventListener('click', (event) => {
  // A click at the end of a selection by mouse is about the selection.
  if (document.getSelection()?.isCollapsed === false && !event.shiftKey) return
  const number = list.numberOf(event.target)
  if (number === undefined) return
  const again = number === list.active && !event.shiftKey && details.open
  list.select(again ? undefined : number, event.shiftKey)
  if (again) details.close()
  else if (!event.shiftKey) openDetails()
})

setUpShortcuts({
  search: () => search.focus(),
  togglePause,
  toStart: () => list.toStart(),
  toEnd: () => list.toEnd(),
  page: (direction) => list.page(direction),
  move(by, extend) {
    list.move(by, extend)
    if (details.open) openDetails()
  },
  open: openDetails,
  copy: () => void copySelected(),
  toggleTheme: () => theme.toggle(),
  escape() {
    if (fileMenu.close()) return
    if (details.open) details.close()
    else if (list.selected !== undefined && !search.focused) list.select(undefined)
    else if (!search.clear()) search.blur()
  },
})

subscribeToFiles({
  event(event) {
    const { file } = event.params
    learnFile(file)
    const { name } = event
    fileMenu.tell(file, name === 'missing' || name === 'unreadable' ? name : 'followed')
    const entry = makeEntry(event)
    if (entry.kind === 'line') {
      if (!known.add(entry)) return
      const isError = entry.level === 'error' || entry.level === 'fatal'
      if (!entry.earlier) rate.add({ time: event.time, isError })
    }
    incoming.push(entry)
    frame.request()
  },
  reset(verdict) {
    incoming.push({
      kind: 'mark',
      file: undefined,
      tone: 'break',
      text: describeReset(verdict),
      time: Date.now(),
    })
    frame.request()
  },
  status(status) {
    connected = status.state === 'open'
    connection.show(status)
    frame.request()
  },
  fault: (text) => tell(text),
})

pauseButton.show(false)
matchMedia('(max-width: 640px)').addEventListener('change', () => list.measure())
draw()
