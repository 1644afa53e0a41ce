import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { AnyContract } from '@millrace/contract'
import { createJiti } from 'jiti'
import { ContractLoadError } from './load-error.ts'

/** The contracts that a module exports. */
export interface LoadedContracts {
  readonly contracts: readonly { readonly exportName: string; readonly contract: AnyContract }[]
  /** Everything that the module exports. */
  readonly exports: Readonly<Record<string, unknown>>
}

/**
 * Runs a module, TypeScript or JavaScript, as it stands, and gives the contracts among its exports. It finds
 * `@millrace/contract` and its other imports where the module itself would. Every call reads the files anew.
 *
 * @param file what the module is called in messages; its path by default
 * @throws ContractLoadError
 */
export async function loadContracts(module: string, file: string = module): Promise<LoadedContracts> {
  const path = resolve(module)
  const found = await stat(path).catch(() => undefined)
  if (found === undefined) throw new ContractLoadError('not-found', file, `there is no file ${file}`)
  if (found.isDirectory()) {
    throw new ContractLoadError(
      'not-found',
      file,
      `${file} is a folder; name the module in it that exports the contract`,
    )
  }

  // The module's own folder is where its imports are looked up and where its tsconfig.json stands.
  const jiti = createJiti(pathToFileURL(path).href, {
    fsCache: false,
    moduleCache: false,
    interopDefault: false,
    tsconfigPaths: true,
  })
  let exports: Readonly<Record<string, unknown>>
  try {
    exports = await jiti.import<Readonly<Record<string, unknown>>>(path)
  } catch (cause) {
    throw loadError(file, path, cause)
  }
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

function loadError(file: string, path: string, cause: unknown): ContractLoadError {
  const error = cause instanceof Error ? cause : new Error(String(cause))
  const [reason = ''] = error.message.split('\n')
  if (error.name === 'SyntaxError' || error.message.startsWith('ParseError')) {
    // The parser's own line and column, and perhaps another file: `Unexpected token … /shop/levels.ts:3:2`.
    const [, what = reason, place = file] = /^(?:\w+: )?(.*?)\s+(\S+:\d+:\d+)\s*$/s.exec(error.message) ?? []
    const where = place.startsWith(`${path}:`) ? `${file}${place.slice(path.length)}` : place
    return new ContractLoadError('syntax', file, `${where} cannot be read: ${what}`, { cause })
  }
  const missing =
    'code' in error && (error.code === 'MODULE_NOT_FOUND' || error.code === 'ERR_MODULE_NOT_FOUND')
  const advice = missing ? '; is it installed, and does the path hold?' : ''
  const line = lineIn(error.stack ?? '', path)
  return new ContractLoadError(
    'threw',
    file,
    `${line === undefined ? file : `${file}:${line}`} failed when it was run: ${reason}${advice}`,
    { cause },
  )
}

/** The line of a file that is nearest to where an error was thrown. Columns are those of the compiled code, so they are left out. */
function lineIn(stack: string, path: string): string | undefined {
  const start = stack.indexOf(`${path}:`)
  return start === -1 ? undefined : /^\d+/.exec(stack.slice(start + path.length + 1))?.[0]
}
