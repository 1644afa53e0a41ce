import { delimiter, dirname } from 'node:path'
import { developmentNode } from './development-node.mjs'
import { inRoot } from './root.mjs'

/** The environment of every tool: the development Node and the workspace's binaries first on the path, no telemetry. */
export function toolEnvironment() {
  const environment = { ...process.env }
  // Windows spells it `Path`, and a second spelling beside it would win or lose by chance.
  const key = Object.keys(environment).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH'
  const path = [dirname(developmentNode()), inRoot('node_modules', '.bin'), environment[key]]
  environment[key] = path.filter(Boolean).join(delimiter)
  environment.DO_NOT_TRACK = '1'
  environment.TURBO_TELEMETRY_DISABLED = '1'
  environment.TURBO_NO_UPDATE_NOTIFIER = '1'
  // Some tools colour whatever they print, also what goes to a file.
  if (!process.stdout.isTTY && !environment.FORCE_COLOR) environment.NO_COLOR = '1'
  environment.INIT_CWD ??= process.cwd()
  return environment
}
