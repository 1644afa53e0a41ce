import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { createJiti } from 'jiti'
import { ContractLoadError } from './load-error.ts'

/**
 * Runs a module, TypeScript or JavaScript, as it stands, and gives everything that it exports. It finds its imports where the module itself
 * would. Every call reads the files anew.
 *
 * @param file what the module is called in messages
 * @throws ContractLoadError
 */
export async function loadModule(module: string, file: string): Promise<Readonly<Record<string, unknown>>> {
  const path = resolve(module)
  const found = await stat(path).catch(() => undefined)
  if (found === undefined) throw new ContractLoadError('not-found', file, `there is no file ${file}`)
  if (found.isDirectory()) {
    throw new ContractLoadError('not-found', file, `${file} is a folder; name the module in it that is meant`)
  }

  // The module's own folder is where its imports are looked up and where its tsconfig.json stands.
  const jiti = createJiti(pathToFileURL(path).href, {
    fsCache: false,
    moduleCache: false,
    interopDefault: false,
    tsconfigPaths: true,
  })
  try {
    return await jiti.import<Readonly<Record<string, unknown>>>(path)
  } catch (cause) {
    throw loadError(file, path, cause)
  }
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
