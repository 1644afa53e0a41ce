import { printable } from '../../report/printable.ts'
import type { PlacedFile } from './destination.ts'
import { readText } from './write-file.ts'

/** How a file differs from what would be written; `undefined` when it does not. */
export async function staleness({ path, label, text }: PlacedFile): Promise<string | undefined> {
  const held = await readText(path)
  if (held === undefined) return `${label} is missing`
  // A checkout may have its own line ends.
  const lines = held.replaceAll('\r\n', '\n').split('\n')
  const wanted = text.split('\n')
  const index = wanted.findIndex((line, index) => line !== lines[index])
  const line = index === -1 ? wanted.length : index
  if (index === -1 && lines.length === wanted.length) return undefined
  return `${label} is stale from line ${line + 1}\n  - ${shown(lines[line])}\n  + ${shown(wanted[line])}`
}

function shown(line: string | undefined): string {
  if (line === undefined) return '(end of the file)'
  return printable(line.length > 100 ? `${line.slice(0, 99)}…` : line)
}
