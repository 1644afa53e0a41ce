import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { exitCodes } from '../../exit-codes.ts'
import { InputError } from '../../sources/input-error.ts'
import { isModule } from '../../sources/kinds.ts'
import { packageFolder } from '../../sources/package-folder.ts'
import type { Terminal } from '../../terminal.ts'
import { UsageError } from '../../usage-error.ts'
import { deliver } from './deliver.ts'
import { placeFiles } from './destination.ts'
import type { GenerateOptions } from './generate-options.ts'
import { generation } from './generation.ts'
import { openWatcher } from './watcher.ts'

/** Generates now and after every change of the source, until it is told to end. A mistake in the source is told and waited out. */
export async function keepGenerating(options: GenerateOptions, terminal: Terminal): Promise<number> {
  const { source, out = '' } = options
  const { directory, signal } = terminal
  const path = resolve(directory, source)
  if (!existsSync(path)) throw new UsageError(`--watch goes with a file, and there is none at ${source}`)
  const own = new Set([resolve(directory, out)])
  // A module may import anything of its package.
  const start = isModule(path) ? packageFolder(path) : path
  const watcher = await openWatcher(start, { isOwn: (path) => own.has(path), signal })
  try {
    while (!signal.aborted) {
      // What changes while this is read is seen by the next round.
      const changed = watcher.nextChange()
      try {
        const made = await generation(options, directory)
        for (const { path } of placeFiles(made.files, out, directory)) own.add(path)
        watcher.add(made.parts)
        await deliver(made, options, terminal)
      } catch (error) {
        if (!(error instanceof InputError)) throw error
        terminal.note(`${error.message}\n`)
      }
      terminal.note(`watching ${source}\n`)
      await changed
    }
  } finally {
    await watcher.close()
  }
  return exitCodes.fine
}
