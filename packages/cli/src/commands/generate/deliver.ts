import { exitCodes } from '../../exit-codes.ts'
import { countProblems, formatProblems } from '../../report/problem-lines.ts'
import type { Terminal } from '../../terminal.ts'
import { UsageError } from '../../usage-error.ts'
import { type PlacedFile, placeFiles } from './destination.ts'
import type { GenerateOptions } from './generate-options.ts'
import type { Generation } from './generation.ts'
import { staleness } from './staleness.ts'
import { writeWhole } from './write-file.ts'

/** Prints the files, writes them, or compares them, and gives the exit code. */
export async function deliver(
  made: Generation,
  options: GenerateOptions,
  terminal: Terminal,
): Promise<number> {
  const { files, problems, usable } = made
  terminal.note(formatProblems(problems, terminal.noteColor))
  if (!usable) {
    terminal.note(`Nothing was written: ${countProblems(problems)} in ${options.source}.\n`)
    return exitCodes.notFine
  }
  if (options.out === undefined) {
    terminal.print(onlyText(files))
    return exitCodes.fine
  }
  const placed = placeFiles(files, options.out, terminal.directory)
  return options.check ? await compare(placed, terminal) : await write(placed, terminal)
}

function onlyText(files: Generation['files']): string {
  const [file, ...others] = files
  if (file !== undefined && others.length === 0) return file.text
  const names = files.map(({ name }) => name).join(', ')
  throw new UsageError(
    `${files.length} files would be written (${names}): name a folder, as in --out contracts/, or choose one contract with --contract`,
  )
}

async function write(files: readonly PlacedFile[], terminal: Terminal): Promise<number> {
  for (const file of files) {
    const written = await writeWhole(file)
    terminal.note(`${written ? 'wrote' : 'unchanged'} ${file.label}\n`)
  }
  return exitCodes.fine
}

async function compare(files: readonly PlacedFile[], terminal: Terminal): Promise<number> {
  const stale = (await Promise.all(files.map(staleness))).filter((text) => text !== undefined)
  if (stale.length === 0) {
    terminal.note(`${files.map(({ label }) => label).join(', ')}: up to date\n`)
    return exitCodes.fine
  }
  terminal.note(`${stale.join('\n')}\nThe same command without --check writes it anew.\n`)
  return exitCodes.notFine
}
