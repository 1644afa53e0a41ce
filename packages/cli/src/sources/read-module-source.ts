import { loadContracts } from '../contract-reader/load-contracts.ts'
import { ContractLoadError } from '../contract-reader/load-error.ts'
import { readContract } from '../contract-reader/read-contract.ts'
import { InputError } from './input-error.ts'
import type { Location } from './locate.ts'
import type { Source } from './source.ts'

/** Reads the contracts that a module exports. @throws InputError when it cannot be run or exports none */
export async function readModuleSource({ path, label }: Location): Promise<Source> {
  const { contracts, exports } = await load(path, label)
  return {
    label,
    kind: 'module',
    contracts: contracts.map(({ exportName, contract }) => {
      const { model, problems } = readContract(contract, { file: label, exports })
      return { name: contract['~contract'].name, exportName, model, problems }
    }),
    parts: [],
  }
}

async function load(path: string, label: string) {
  try {
    return await loadContracts(path, label)
  } catch (error) {
    throw error instanceof ContractLoadError ? new InputError(error.message, { cause: error }) : error
  }
}
