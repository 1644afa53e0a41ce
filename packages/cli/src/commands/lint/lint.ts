import type { Command } from '../../command.ts'
import { exitCodes } from '../../exit-codes.ts'
import { countFindings } from '../../lint/count-findings.ts'
import type { Finding } from '../../lint/finding.ts'
import { formatFindings } from '../../lint/format/format-findings.ts'
import { lintContract } from '../../lint/lint-contract.ts'
import { lintProblems } from '../../lint/lint-problems.ts'
import { lintRefusal } from '../../lint/lint-refusal.ts'
import { readSource } from '../../sources/read-source.ts'
import { type LintCommandOptions, lintUsage, parseLint } from './lint-options.ts'

export const lint: Command = {
  usage: lintUsage,
  async run(args, terminal) {
    const options = parseLint(args)
    const findings = await findingsIn(options, terminal.directory)
    terminal.print(formatFindings(findings, options.format, { color: terminal.color, file: options.source }))
    const { errors, warnings } = countFindings(findings)
    return errors > 0 || (options.strict && warnings > 0) ? exitCodes.notFine : exitCodes.fine
  },
}

async function findingsIn(options: LintCommandOptions, directory: string): Promise<readonly Finding[]> {
  try {
    const { contracts } = await readSource(options.source, directory, options.contract)
    return contracts.flatMap(({ model, problems, placeOf }) => [
      ...lintProblems(problems, options),
      ...(model === undefined ? [] : lintContract(model, { ...options, placeOf })),
    ])
  } catch (error) {
    // A contract that was refused when it was defined is what this looks for.
    const finding = lintRefusal(error)
    if (finding === undefined) throw error
    return [finding]
  }
}
