import { execFile } from 'node:child_process'
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createRequire, stripTypeScriptTypes } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const run = promisify(execFile)
const own = join(import.meta.dirname, '..')
const root = join(own, '..', '..')
// Within the package, so that the modules find it and what it is tested with.
const folder = join(own, 'node_modules', '.cache', 'testing-guide')

/** The modules of the guide, each of which begins with its name. */
async function readModules(): Promise<ReadonlyMap<string, string>> {
  const text = await readFile(join(root, 'docs', 'testing-failures.md'), 'utf8')
  const blocks = text.matchAll(/^```ts\n(?:\/\/ ([a-z.-]+\.ts)\n)?(.*?)^```$/gms)
  return new Map([...blocks].map(([, name = '', module = '']) => [name, module]))
}

/** Compiles as strictly as our own code, and gives what the compiler finds fault with. */
async function compile(): Promise<string> {
  const config = {
    extends: join(root, 'tsconfig.base.json'),
    include: ['*.ts'],
    compilerOptions: {
      lib: ['ES2023', 'DOM', 'DOM.Iterable'],
      types: ['node'],
      typeRoots: [join(root, 'node_modules', '@types')],
    },
  }
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config))
  const { resolve } = createRequire(join(root, 'package.json'))
  const compiler = join(dirname(resolve('@typescript/native/package.json')), 'bin', 'tsc')
  const { stdout } = await run(process.execPath, [compiler, '-p', folder]).catch(
    (failure: { stdout: string }) => failure,
  )
  return stdout
}

it('the guide to failures compiles, and its tests pass', async () => {
  const modules = await readModules()
  expect([...modules.keys()].sort()).toEqual([
    'msw.test.ts',
    'network.ts',
    'orders.test.ts',
    'orders.ts',
    'shop.ts',
    'virtual-clock.ts',
  ])
  await rm(folder, { recursive: true, force: true })
  // A package does not find itself from within its dependencies.
  await mkdir(join(folder, 'node_modules', '@millrace'), { recursive: true })
  await symlink(own, join(folder, 'node_modules', '@millrace', 'client'))
  for (const [name, module] of modules) {
    await writeFile(join(folder, name), module)
    // Node strips no types below node_modules.
    await writeFile(
      join(folder, name.replace('.ts', '.mjs')),
      stripTypeScriptTypes(module).replaceAll(/(?<=from '\.\/.*)\.ts(?=')/g, '.mjs'),
    )
  }
  expect(await compile()).toBe('')
  const flags = ['--conditions=@millrace/source', '--disable-warning=ExperimentalWarning']
  const { stdout } = await run(process.execPath, [...flags, '--test', '--test-reporter=tap', '*.test.mjs'], {
    cwd: folder,
    env: { ...process.env, NODE_OPTIONS: '' },
  }).catch((failure: { stdout: string }) => failure)
  expect(stdout).toMatch(/^# tests 7$/m)
  expect(stdout.match(/^not ok .*$[\s\S]*?^ {2}\.\.\.$/gm) ?? []).toEqual([])
})
