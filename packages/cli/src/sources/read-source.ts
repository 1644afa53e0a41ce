import type { Problem } from '../model/problem.ts'
import { InputError } from './input-error.ts'
import { isDocument, isModule } from './kinds.ts'
import { locate } from './locate.ts'
import { readDocumentSource } from './read-document-source.ts'
import { readModuleSource } from './read-module-source.ts'
import type { Source, SourceContract } from './source.ts'

/**
 * Reads what a command line names: a module that exports contracts, or an AsyncAPI, OpenAPI or JSON Schema document, as a file,
 * in another state of the repository, or in an installed package.
 *
 * @param only the one contract that is meant, by its name or by what it is exported as
 * @throws InputError
 */
export async function readSource(name: string, directory: string, only?: string): Promise<Source> {
  const location = await locate(name, directory)
  try {
    const { path } = location
    if (!isDocument(path) && !isModule(path)) {
      throw new InputError(
        `${name} is neither a module (.ts, .js) nor a document (.yaml, .json); the ending of its name says which`,
      )
    }
    const read = isDocument(path) ? readDocumentSource : readModuleSource
    return pick(await read(location), only)
  } finally {
    await location.close()
  }
}

/** Every problem of every contract. */
export function problemsOf({ contracts }: Source): readonly Problem[] {
  return contracts.flatMap(({ problems }) => problems)
}

/** The only contract of a source. @throws InputError when it has several */
export function singleContract({ label, contracts }: Source): SourceContract {
  const [first, ...others] = contracts
  if (first !== undefined && others.length === 0) return first
  throw new InputError(`${label} has several contracts; choose one with --contract: ${namesOf(contracts)}`)
}

function pick(source: Source, only: string | undefined): Source {
  if (only === undefined) return source
  const contracts = source.contracts.filter(({ name, exportName }) => name === only || exportName === only)
  if (contracts.length > 0) return { ...source, contracts }
  throw new InputError(`${source.label} has no contract "${only}"; it has ${namesOf(source.contracts)}`)
}

function namesOf(contracts: readonly SourceContract[]): string {
  return contracts.map(({ name }) => name).join(', ')
}
