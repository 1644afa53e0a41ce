import type { Level } from '../../diff/level.ts'
import { oneOf, parseOptions } from '../../parse-options.ts'
import { UsageError } from '../../usage-error.ts'

/** What is to be compared, and how it is told. */
export interface DiffOptions {
  readonly old: string
  readonly next: string
  readonly contract: string | undefined
  readonly format: 'text' | 'json' | 'github'
  /** The level from which on the verdict fails. */
  readonly failOn: Level
  readonly changeset: boolean
  /** The package that the changeset is for. */
  readonly packageName: string | undefined
}

export const diffUsage = `Tells what changed between two states of a contract, and whom it breaks: clients that are not updated (wire), code that is
compiled anew (source), and records that are stored already (replay).

  millrace diff <old> <new> [options]

  millrace diff HEAD~1:src/shop.ts src/shop.ts
  millrace diff @acme/contracts src/shop.ts --format github
  millrace diff old.asyncapi.yaml new.asyncapi.yaml --format json
  millrace diff main:src/shop.ts src/shop.ts --changeset

Each is a module that exports a contract or a document, as a file, a file in another state of the repository, or an installed
package. In another state of the repository, a module finds the packages that are installed now.

  --format text|json|github
                        for people, for programs, or as annotations of a pull request (default text)
  --fail-on major|minor|patch|none
                        the verdict that fails (default major). One that the new contract's own version announces
                        does not: 2.0.0 after 1.4.0 may break
  --changeset           writes a changeset into the nearest .changeset folder
  --package <name>      the package that the changeset is for; by the nearest package.json when left out
  --contract <name>     which one, where a module exports several
  --help                this text

The rules are listed in docs/compatibility.md.

Exit codes: 0 nothing fails; 1 the verdict does, or a contract holds an error; 2 the command line or a file was not understood.
`

/** Reads the command line of `diff`. @throws UsageError */
export function parseDiff(args: readonly string[]): DiffOptions {
  const { values, positionals } = parseOptions(args, {
    format: { type: 'string', default: 'text' },
    'fail-on': { type: 'string', default: 'major' },
    changeset: { type: 'boolean', default: false },
    package: { type: 'string' },
    contract: { type: 'string' },
  })
  const [old, next, other] = positionals
  if (old === undefined || next === undefined || other !== undefined) {
    throw new UsageError(
      'Which two? millrace diff <old> <new>, such as: millrace diff HEAD~1:src/shop.ts src/shop.ts',
    )
  }
  return {
    old,
    next,
    contract: values.contract,
    format: oneOf('format', ['text', 'json', 'github'], values.format),
    failOn: oneOf('fail-on', ['major', 'minor', 'patch', 'none'], values['fail-on']),
    changeset: values.changeset,
    packageName: values.package,
  }
}
