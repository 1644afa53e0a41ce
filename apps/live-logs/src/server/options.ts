import { parseArgs } from 'node:util'

/** What the command line asks for. */
export interface Options {
  readonly help: boolean
  /** Files and patterns, as written. */
  readonly files: readonly string[]
  readonly host: string
  /** 0 lets the system choose. */
  readonly port: number
  /** Lines to read from the end of files that are already there. */
  readonly lines: number
}

/** A command line that cannot be obeyed. Its message is for the person who wrote it. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export const usage = `Follows log files and shows them live in a browser.

  live-logs [options] [file or 'pattern'] …

  live-logs /var/log/nginx/access.log app.log
  live-logs 'logs/**/*.log'

Files may be missing, be rotated, emptied or replaced: they are followed by name.
Without a file it follows its own access log.

  --port <number>   where to listen (default 4000, or PORT)
  --host <name>     whom to listen to (default localhost: this machine alone)
  --lines <number>  lines to show of files that are already there (default 200)
  --help            this text
`

/** Reads the command line. @throws UsageError */
export function parseOptions(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Options {
  const { values, positionals } = parse(args)
  return {
    help: values.help,
    files: positionals,
    host: values.host,
    port: wholeNumber('--port', values.port ?? environment.PORT ?? '4000', 65_535),
    lines: wholeNumber('--lines', values.lines, 1_000_000),
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        host: { type: 'string', default: 'localhost' },
        port: { type: 'string', short: 'p' },
        lines: { type: 'string', short: 'n', default: '200' },
      },
    })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

function wholeNumber(name: string, text: string, most: number): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value <= most) return value
  throw new UsageError(`${name} must be a whole number up to ${most}, not "${text}"`)
}
