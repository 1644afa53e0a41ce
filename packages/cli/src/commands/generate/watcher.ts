import { once } from 'node:events'
import { basename } from 'node:path'
import { watch } from 'chokidar'

/** Tells of changes to files. */
export interface Watcher {
  /** Looks at these files and folders, too. */
  add(paths: readonly string[]): void
  /** Resolves at the next change, of which several that come together are one, or when it is told to end. */
  nextChange(): Promise<void>
  close(): Promise<void>
}

// Several files are saved at once, and editors write in steps.
const quiet = 50

/** Watches a file or a folder, but neither what is written by who watches, nor what is installed or built. */
export async function openWatcher(
  path: string,
  options: { readonly isOwn: (path: string) => boolean; readonly signal: AbortSignal },
): Promise<Watcher> {
  const { isOwn, signal } = options
  const watcher = watch(path, {
    ignoreInitial: true,
    ignored: (path) => isOwn(path) || isForeign(basename(path)),
    awaitWriteFinish: { stabilityThreshold: quiet, pollInterval: 10 },
  })
  await once(watcher, 'ready')
  return {
    add: (paths) => {
      watcher.add([...paths])
    },
    nextChange: () =>
      new Promise((resolve) => {
        const finish = () => {
          watcher.off('all', finish)
          signal.removeEventListener('abort', finish)
          resolve()
        }
        watcher.on('all', finish)
        signal.addEventListener('abort', finish)
        if (signal.aborted) finish()
      }),
    close: () => watcher.close(),
  }
}

function isForeign(name: string): boolean {
  return /^(node_modules|dist|\..+)$/.test(name) || name.endsWith('.tmp')
}
