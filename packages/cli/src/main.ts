#!/usr/bin/env node
import { runCommand } from './run-command.ts'

const interrupted = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort())

// Whoever reads the output may have seen enough, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  interrupted.abort()
})

const code = await runCommand(process.argv.slice(2), {
  print: (text) => process.stdout.write(text),
  note: (text) => process.stderr.write(text),
  color: hasColors(process.stdout),
  ...(process.stdout.isTTY && { columns: process.stdout.columns }),
  noteColor: hasColors(process.stderr),
  directory: process.cwd(),
  signal: interrupted.signal,
})

// A module that was run may hold connections or a port open, for which nobody waits. What was written goes out first.
process.exitCode = code
process.stdout.write('', () => process.stderr.write('', () => process.exit()))

function hasColors({ isTTY }: { readonly isTTY?: boolean }): boolean {
  return isTTY === true && (process.env.NO_COLOR ?? '') === ''
}
