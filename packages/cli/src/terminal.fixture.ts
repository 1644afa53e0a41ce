import { runCommand } from './run-command.ts'
import type { Terminal } from './terminal.ts'

/** A terminal that remembers what it was told. */
export function rememberingTerminal(options: Partial<Terminal> = {}) {
  const said = { printed: '', noted: '' }
  const listeners = new Set<() => void>()
  const terminal: Terminal = {
    print: (text) => {
      said.printed += text
      for (const listener of listeners) listener()
    },
    note: (text) => {
      said.noted += text
      for (const listener of listeners) listener()
    },
    color: false,
    noteColor: false,
    directory: process.cwd(),
    signal: new AbortController().signal,
    ...options,
  }
  return {
    terminal,
    said,
    /** Resolves when what was noted holds the pattern; the test's own timeout is its end. */
    noted: (pattern: RegExp) =>
      new Promise<void>((resolve) => {
        const look = () => {
          if (!pattern.test(said.noted)) return
          listeners.delete(look)
          resolve()
        }
        listeners.add(look)
        look()
      }),
  }
}

/** Runs a command line to its end. */
export async function millrace(directory: string, ...args: readonly string[]) {
  const { terminal, said } = rememberingTerminal({ directory })
  const code = await runCommand(args, terminal)
  return { code, ...said }
}
