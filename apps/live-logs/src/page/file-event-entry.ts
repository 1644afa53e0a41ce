import type { FileEvent, Level } from '@millrace/sample-contracts'
import type { Entry, LineEntry } from './entry.ts'
import { printable } from './printable.ts'
import { formatBytes } from './words.ts'

/** Turns events into entries. It remembers each file's last level, for the lines that continue one. */
export function createEntryMaker(): (event: FileEvent) => Entry {
  const lastLevels = new Map<string, Level>()

  function makeLine(event: FileEvent & { readonly name: 'line' }): LineEntry {
    const { data, params } = event
    const continued = data.level === 'unknown' && isContinuation(data.text)
    const level = continued ? (lastLevels.get(params.file) ?? 'unknown') : data.level
    lastLevels.set(params.file, level)
    return {
      kind: 'line',
      file: params.file,
      level,
      continued,
      text: printable(data.text),
      time: data.at?.getTime() ?? (data.earlier ? undefined : event.time),
      byte: data.byte,
      omitted: data.omitted,
      earlier: data.earlier,
    }
  }

  return (event) => {
    if (event.name === 'line') return makeLine(event)
    const { tone, text } = describeChange(event)
    return { kind: 'mark', file: event.params.file, time: event.time, tone, text }
  }
}

function describeChange(event: Exclude<FileEvent, { readonly name: 'line' }>): {
  tone: 'note' | 'warning' | 'break'
  text: string
} {
  const { file } = event.params
  switch (event.name) {
    case 'opened':
      return { tone: 'note', text: `following ${file}${fromWhere(event.data)}` }
    case 'rotated':
      return { tone: 'note', text: `${file} was rotated, a new file begins here` }
    case 'truncated':
      return { tone: 'note', text: `${file} was emptied and written anew${fromWhere(event.data)}` }
    case 'missing':
      return { tone: 'warning', text: `${file} is not there, waiting for it` }
    case 'unreadable':
      return { tone: 'warning', text: `${file} cannot be read: ${event.data.reason}` }
  }
}

function fromWhere({ size, from }: { readonly size: number; readonly from: number }): string {
  return from === 0 ? '' : `, the last ${formatBytes(size - from)} of ${formatBytes(size)}`
}

function isContinuation(text: string): boolean {
  return /^(?:\s+\S|Caused by:|\.\.\. \d+ more|[)}\]])/.test(text)
}
