import * as contractModule from '@millrace/contract'
import { transformSync } from 'esbuild'
import * as zod from 'zod'
import * as mini from 'zod/mini'

const modules: Readonly<Record<string, unknown>> = {
  zod,
  'zod/mini': mini,
  '@millrace/contract': contractModule,
}

/** Runs a module that was written, and gives its contract beside all that it exports. */
export function evaluate(source: string): {
  readonly contract: contractModule.AnyContract
  readonly exports: Readonly<Record<string, unknown>>
} {
  const { code } = transformSync(source, { loader: 'ts', format: 'cjs' })
  const module = { exports: {} as Record<string, unknown> }
  const run = new Function('module', 'exports', 'require', code)
  run(module, module.exports, (name: string) => modules[name])
  const contract = Object.values(module.exports).find(isContract)
  if (contract === undefined) throw new Error('the module exports no contract')
  return { contract, exports: module.exports }
}

function isContract(value: unknown): value is contractModule.AnyContract {
  return typeof value === 'object' && value !== null && '~contract' in value
}
