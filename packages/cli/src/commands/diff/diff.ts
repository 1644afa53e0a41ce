import { join, relative } from 'node:path'
import type { Command } from '../../command.ts'
import type { Change } from '../../diff/change.ts'
import { changesetFor } from '../../diff/changeset.ts'
import { compareContracts } from '../../diff/compare-contracts.ts'
import { formatChanges } from '../../diff/format/format-changes.ts'
import { highest, type Level } from '../../diff/level.ts'
import { isAtLeast, suggestedVersion } from '../../diff/semantic-version.ts'
import { verdictOf } from '../../diff/verdict.ts'
import { exitCodes } from '../../exit-codes.ts'
import type { ContractModel } from '../../model/contract-model.ts'
import { formatProblems } from '../../report/problem-lines.ts'
import { problemsOf, readSource, singleContract } from '../../sources/read-source.ts'
import type { Terminal } from '../../terminal.ts'
import { writeWhole } from '../generate/write-file.ts'
import { changesetName, changesetPlace } from './changeset-file.ts'
import { type DiffOptions, diffUsage, parseDiff } from './diff-options.ts'

export const diff: Command = {
  usage: diffUsage,
  async run(args, terminal) {
    const options = parseDiff(args)
    const old = await read(options.old, options, terminal)
    const next = await read(options.next, options, terminal)
    if (old === undefined || next === undefined) return exitCodes.notFine
    const changes = compareContracts(old, next)
    terminal.print(formatChanges(changes, options.format, { color: terminal.color, file: options.next }))
    if (options.changeset) await writeChangeset(changes, next.name, options, terminal)
    return judge(changes, old.version, next.version, options.failOn, terminal)
  },
}

/** The contract of a source; `undefined`, and told, when it holds an error. */
async function read(
  name: string,
  { contract }: DiffOptions,
  terminal: Terminal,
): Promise<ContractModel | undefined> {
  const source = await readSource(name, terminal.directory, contract)
  terminal.note(formatProblems(problemsOf(source), terminal.noteColor))
  return singleContract(source).model
}

/** Whether the verdict fails: it is as high as it must not be, and the new version does not announce it. */
function judge(
  changes: readonly Change[],
  oldVersion: string,
  newVersion: string,
  failOn: Level,
  terminal: Terminal,
): number {
  const verdict = verdictOf(changes)
  if (verdict.overall === 'none') return exitCodes.fine
  const wanted = suggestedVersion(oldVersion, verdict)
  if (wanted === undefined || isAtLeast(newVersion, wanted)) return exitCodes.fine
  terminal.note(
    `The contract's version is ${newVersion}; these changes ask for ${wanted} after ${oldVersion}.\n`,
  )
  const fails = failOn !== 'none' && highest([verdict.overall, failOn]) === verdict.overall
  return fails ? exitCodes.notFine : exitCodes.fine
}

async function writeChangeset(
  changes: readonly Change[],
  contract: string,
  { next, packageName: given }: DiffOptions,
  { directory, note }: Terminal,
): Promise<void> {
  const { folder, ...forPackage } = await changesetPlace(next, directory, given)
  const text = changesetFor({ ...forPackage, changes })
  if (text === '') return note('No changeset: nothing changed.\n')
  const path = join(folder, changesetName(contract, text))
  const label = relative(directory, path)
  const written = await writeWhole({ path, label, text })
  note(`${written ? 'wrote' : 'unchanged'} ${label}\n`)
}
