import type { AnyContract } from '@millrace/contract'
import { ContractLoadError } from './load-error.ts'
import { loadModule } from './load-module.ts'

/** The contracts that a module exports. */
export interface LoadedContracts {
  readonly contracts: readonly { readonly exportName: string; readonly contract: AnyContract }[]
  /** Everything that the module exports. */
  readonly exports: Readonly<Record<string, unknown>>
}

/**
 * Runs a module and gives the contracts among its exports.
 *
 * @param file what the module is called in messages; its path by default
 * @throws ContractLoadError
 */
export async function loadContracts(module: string, file: string = module): Promise<LoadedContracts> {
  const exports = await loadModule(module, file)
  const contracts = contractsIn(exports)
  if (contracts.length === 0) throw new ContractLoadError('no-contract', file, noContract(file, exports))
  return { contracts, exports }
}

/** The contracts in an object of exports, each once; one that is exported by name and as default goes by its name. */
function contractsIn(exports: Readonly<Record<string, unknown>>): LoadedContracts['contracts'] {
  const names = new Map<AnyContract, string>()
  for (const [name, value] of Object.entries(exports)) {
    if (isContract(value) && (names.get(value) ?? 'default') === 'default') names.set(value, name)
  }
  return [...names].map(([contract, exportName]) => ({ exportName, contract }))
}

/** By its shape: the module may have its own copy of @millrace/contract. */
function isContract(value: unknown): value is AnyContract {
  if (typeof value !== 'object' || value === null || !('~contract' in value)) return false
  const definition = value['~contract']
  return typeof definition === 'object' && definition !== null && 'channels' in definition
}

function noContract(file: string, exports: Readonly<Record<string, unknown>>): string {
  const names = Object.keys(exports)
  const what = names.length === 0 ? 'it exports nothing' : `it exports ${names.join(', ')}`
  return `${file} exports no contract: ${what}; export what defineContract() returns`
}
