import { type ParseArgsConfig, type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { UsageError } from './usage-error.ts'

/** Reads options and positional arguments. @throws UsageError when an option is unknown or lacks its value */
export function parseOptions<const Options extends ParseArgsOptionsConfig>(
  args: readonly string[],
  options: Options,
) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options } satisfies ParseArgsConfig)
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

/** A value that is one of a few. @throws UsageError */
export function oneOf<const Value extends string>(
  option: string,
  values: readonly Value[],
  given: string,
): Value {
  const found = values.find((value) => value === given)
  if (found !== undefined) return found
  throw new UsageError(`--${option} is one of ${values.join(', ')}, not "${given}"`)
}
