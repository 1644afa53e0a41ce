import { SetUpError } from './set-up-error.mjs'
import { tool } from './tool.mjs'

/**
 * Builds packages with turbo, quietly; what has not changed since the last time comes from its cache.
 *
 * @param filters turbo's package filters (`live-logs...` is an app and all that it needs); none means everything
 * @throws SetUpError with the output of what failed.
 */
export async function build(...filters) {
  const { code, output } = await tool('turbo', [
    'run',
    'build',
    '--output-logs=errors-only',
    ...filters.map((filter) => `--filter=${filter}`),
  ])
  if (code !== 0) throw new SetUpError(`${output.trimEnd()}\n\nThe build failed.`)
}
