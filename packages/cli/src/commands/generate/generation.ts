import { extname } from 'node:path'
import type { Problem } from '../../model/problem.ts'
import { readSource } from '../../sources/read-source.ts'
import type { Source, SourceContract } from '../../sources/source.ts'
import { UsageError } from '../../usage-error.ts'
import { type GenerateOptions, type Target, targets } from './generate-options.ts'
import { type OutputFile, outputOf } from './output.ts'

/** What a source becomes. */
export interface Generation {
  /** None where the source holds an error. */
  readonly files: readonly OutputFile[]
  readonly problems: readonly Problem[]
  /** Whether it may be used: nothing is wrong with the source, and what is lost may be. */
  readonly usable: boolean
  /** The other files of a document. */
  readonly parts: readonly string[]
}

/** Reads the source and makes the files of it. @throws UsageError, InputError */
export async function generation(options: GenerateOptions, directory: string): Promise<Generation> {
  const source = await readSource(options.source, directory, options.contract)
  const target = targetOf(options.target, source)
  const made = source.contracts.map((contract) => make(contract, target, source.label, options))
  const problems = made.flatMap((one) => one.problems)
  const grave = (severity: Problem['severity']) => problems.some((problem) => problem.severity === severity)
  return {
    files: made.flatMap(({ files }) => files),
    problems,
    usable: !grave('error') && !(options.strict && grave('loss')),
    parts: source.parts,
  }
}

function make(
  { model, problems, exportName, placeOf }: SourceContract,
  target: Target,
  label: string,
  options: GenerateOptions,
) {
  if (model === undefined) return { files: [], problems }
  const format = options.format ?? formatOf(target, options.out)
  const output = outputOf(model, target, { ...options, format, label, exportName, placeOf })
  return { files: output.files, problems: [...problems, ...output.problems] }
}

function targetOf(target: Target | undefined, { kind, label }: Source): Target {
  if (target !== undefined) return target
  if (kind === 'document') return 'zod'
  throw new UsageError(`What is to be made of ${label}? --to ${targets.join(', --to ')}`)
}

function formatOf(target: Target, out: string | undefined): 'yaml' | 'json' {
  switch (extname(out ?? '').toLowerCase()) {
    case '.json':
      return 'json'
    case '.yaml':
    case '.yml':
      return 'yaml'
    default:
      return target === 'jsonschema' ? 'json' : 'yaml'
  }
}
