import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inRoot } from './root.mjs'
import { run } from './run.mjs'
import { SetUpError } from './set-up-error.mjs'
import { workspacePackages } from './workspace.mjs'

const stampFile = inRoot('node_modules', '.millrace-install')

/** The version of pnpm that the root's package.json pins. */
function pinnedPnpm() {
  const { packageManager } = JSON.parse(readFileSync(inRoot('package.json'), 'utf8'))
  return packageManager.replace(/^pnpm@/, '').replace(/\+.*$/, '')
}

/** Whether what is installed is what the lockfile and the manifests ask for. */
export const isInstalled = () =>
  existsSync(stampFile) && readFileSync(stampFile, 'utf8') === fingerprint() && foldersPresent()

/**
 * Installs the dependencies as the lockfile has them, through the pinned pnpm.
 *
 * @throws SetUpError with pnpm's own words when it fails.
 */
export async function install() {
  const before = fingerprint()
  const { code, output } = await run(
    'npx',
    ['--yes', `pnpm@${pinnedPnpm()}`, 'install', '--frozen-lockfile'],
    // A purge of an older node_modules would ask first, and nobody may be there to answer.
    // npx is a `.cmd` on Windows, which only a shell starts.
    {
      environment: { ...process.env, pnpm_config_confirm_modules_purge: 'false' },
      shell: process.platform === 'win32',
    },
  )
  if (code !== 0) throw new SetUpError(`${output.trimEnd()}\n\nThe dependencies could not be installed.`)
  writeFileSync(stampFile, before)
}

function fingerprint() {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}`)
  const files = ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml'].map((name) => inRoot(name))
  for (const file of [
    ...files,
    ...workspacePackages().map(({ directory }) => join(directory, 'package.json')),
  ]) {
    hash.update(`\0${file}\0`).update(readFileSync(file))
  }
  return hash.digest('hex')
}

function foldersPresent() {
  return workspacePackages().every(({ directory, manifest }) => {
    const wanted = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }).length > 0
    return !wanted || existsSync(join(directory, 'node_modules'))
  })
}
