import * as contract from '@millrace/contract'
import { transformSync } from 'esbuild'
import * as zod from 'zod'
import * as mini from 'zod/mini'

const modules: Readonly<Record<string, unknown>> = { zod, 'zod/mini': mini, '@millrace/contract': contract }

/** Runs a module that was written, and gives what it exports. */
export function evaluate(source: string): Readonly<Record<string, unknown>> {
  const { code } = transformSync(source, { loader: 'ts', format: 'cjs' })
  const module = { exports: {} as Record<string, unknown> }
  const run = new Function('module', 'exports', 'require', code)
  run(module, module.exports, (name: string) => modules[name])
  return module.exports
}
