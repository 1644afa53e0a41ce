/** Errors that nobody catches. */
const failures = ['uncaughtException', 'unhandledRejection'] as const

const said = ['log', 'info', 'debug'] as const

/**
 * Has what a module says and fails with go beside the findings, until what it returns is called: one that listens on a port may find it taken,
 * and its log can still be asked.
 */
export function hearAside(note: (text: string) => void): () => void {
  const failed = (error: unknown) => note(`${error instanceof Error ? error.message : String(error)}\n`)
  const own = said.map((name) => [name, console[name]] as const)
  for (const name of said) console[name] = console.error
  for (const failure of failures) process.on(failure, failed)
  return () => {
    for (const [name, write] of own) console[name] = write
    // What has failed meanwhile is told after this.
    setImmediate(() => {
      for (const failure of failures) process.off(failure, failed)
    })
  }
}
