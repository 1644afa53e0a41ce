import { cp, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { inRoot } from '../lib/root.mjs'
import { run } from '../lib/run.mjs'
import { tool } from '../lib/tool.mjs'
import { npm } from './npm.mjs'

/**
 * Makes the folder of somebody who installs packages of ours from their tarballs; packages of ours are never asked of
 * the registry.
 *
 * @param folder to be made
 * @param name which of the folders beside this file holds what they wrote
 * @param dependencies what they install: our packages by name, others as `name: file`
 */
export async function installAsUser({ folder, name, tarballs, ours, others = {} }) {
  await mkdir(folder)
  await cp(inRoot('scripts', 'pack-check', name), folder, { recursive: true })
  const files = Object.fromEntries([...tarballs].map(([name, file]) => [name, `file:${file}`]))
  const manifest = {
    private: true,
    type: 'module',
    dependencies: { ...Object.fromEntries(ours.map((name) => [name, files[name]])), ...others },
    overrides: Object.fromEntries(Object.entries(files).filter(([name]) => !ours.includes(name))),
  }
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest, undefined, 2))
  // npm would install the contract's peer, and whether the client works without Zod is a question asked here.
  await npm(folder, 'install', '--omit=peer')
}

/** Runs a script of theirs, which must end by itself: nothing that was closed keeps a process alive. */
export async function runAsUser(node, folder, script) {
  const { code, output } = await run(node, [join(folder, script)], {
    directory: folder,
    environment: { ...process.env, NODE_OPTIONS: '' },
    timeout: 120_000,
  })
  return code === 0 ? [] : [`${script} (exit code ${code}):\n${output}`]
}

const resolutions = [
  { module: 'NodeNext', moduleResolution: 'NodeNext', file: 'types.mts' },
  { module: 'NodeNext', moduleResolution: 'NodeNext', file: 'types.cts' },
  { module: 'Preserve', moduleResolution: 'Bundler', file: 'types.ts' },
]

/** Checks their types in each way that TypeScript finds modules, with both compilers that the workspace has. */
export async function checkAsUser(folder, compilerOptions) {
  const faults = []
  for (const { file, ...resolution } of resolutions) {
    if (file !== 'types.ts') await cp(join(folder, 'types.ts'), join(folder, file))
    const project = join(folder, `tsconfig.${file}.json`)
    const options = {
      target: 'ES2022',
      strict: true,
      noEmit: true,
      types: [],
      ...resolution,
      ...compilerOptions,
    }
    await writeFile(project, JSON.stringify({ files: [file], compilerOptions: options }, undefined, 2))
    for (const compiler of [
      ['@typescript/native', 'tsc'],
      ['typescript', 'tsc6'],
    ]) {
      const { code, output } = await tool(compiler, ['-p', project, '--pretty', 'false'], {
        directory: folder,
      })
      if (code !== 0) faults.push(`${file} by ${compiler[1]}, ${resolution.moduleResolution}:\n${output}`)
    }
  }
  return faults
}
