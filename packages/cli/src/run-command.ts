import type { Command } from './command.ts'
import { exitCodes } from './exit-codes.ts'
import { InputError } from './sources/input-error.ts'
import type { Terminal } from './terminal.ts'
import { UsageError } from './usage-error.ts'
import { packageVersion } from './version.ts'

const usage = `Typed event streams: their contracts, and their events.

  millrace generate <contract>    writes documents, types or documentation from a contract, or a contract from a document
  millrace check <contract>       tells whether a contract or a document can be read, and what of it would be lost
  millrace lint <contract>        tells what would make a contract better
  millrace diff <old> <new>       tells what changed, and whom it breaks
  millrace tail <url> <topic> …   prints events as they come
  millrace doctor <url|module>    tells whether streams will do: the log's engine, the proxies on the way, the heartbeat

  millrace <command> --help       how to use a command, with examples
  millrace --version

Exit codes: 0 all is well; 1 what was looked at is not; 2 the command line or a file on it was not understood.
`

// Each is loaded when it is asked for: following a stream needs no parser of YAML.
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  generate: async () => (await import('./commands/generate/generate.ts')).generate,
  check: async () => (await import('./commands/check/check.ts')).check,
  lint: async () => (await import('./commands/lint/lint.ts')).lint,
  diff: async () => (await import('./commands/diff/diff.ts')).diff,
  tail: async () => (await import('./commands/tail/tail.ts')).tail,
  doctor: async () => (await import('./commands/doctor/doctor.ts')).doctor,
}

/** Runs what a command line says, and gives the exit code. */
export async function runCommand(args: readonly string[], terminal: Terminal): Promise<number> {
  const [name, ...rest] = args
  try {
    if (name === undefined || isHelp(name)) {
      terminal.print(usage)
      return name === undefined ? exitCodes.misused : exitCodes.fine
    }
    if (name === '--version' || name === '-v') {
      terminal.print(`${packageVersion()}\n`)
      return exitCodes.fine
    }
    const load = Object.hasOwn(commands, name) ? commands[name] : undefined
    if (load === undefined) {
      const known = Object.keys(commands).join(', ')
      throw new UsageError(`There is no command "${name}"; there are ${known}.`)
    }
    const command = await load()
    // What comes after `--` is no option.
    if (rest.slice(0, rest.includes('--') ? rest.indexOf('--') : rest.length).some(isHelp)) {
      terminal.print(command.usage)
      return exitCodes.fine
    }
    return await command.run(rest, terminal)
  } catch (error) {
    if (!(error instanceof UsageError) && !(error instanceof InputError)) throw error
    terminal.note(`${error.message}\n`)
    return exitCodes.misused
  }
}

function isHelp(argument: string): boolean {
  return argument === '--help' || argument === '-h'
}
