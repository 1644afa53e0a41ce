import { execFile } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

const packages = join(import.meta.dirname, '..', '..')

/** The complete modules of a guide, each of which begins with its name. */
export async function readExamples(guide: string): Promise<ReadonlyMap<string, string>> {
  const text = await readFile(join(packages, '..', 'docs', guide), 'utf8')
  const blocks = text.matchAll(/^```ts\n(?:\/\/ ([a-z]+\.ts)\n)?(.*?)^```$/gms)
  return new Map([...blocks].map(([, name = '', text = '']) => [name, text]))
}

/** Compiles modules as strictly as our own code, and gives what the compiler finds fault with. */
export async function compileExamples(guide: string, examples: ReadonlyMap<string, string>): Promise<string> {
  const folder = join(packages, 'server', 'node_modules', '.cache', `guide-${guide}`)
  await mkdir(folder, { recursive: true })
  for (const [name, text] of examples) await writeFile(join(folder, name), text)
  const source = (path: string) => [join(packages, path)]
  const config = {
    extends: join(packages, '..', 'tsconfig.base.json'),
    include: ['*.ts'],
    compilerOptions: {
      lib: ['ES2023', 'DOM', 'DOM.Iterable'],
      types: ['node'],
      typeRoots: [join(packages, '..', 'node_modules', '@types')],
      // The examples are no part of any package that could declare these.
      paths: {
        '@millrace/client': source('client/src/index.ts'),
        '@millrace/server': source('server/src/index.ts'),
        '@millrace/server/health': source('server/src/health.ts'),
        '@millrace/server/jwt': source('server/src/jwt.ts'),
        '@millrace/server/node': source('server/src/node.ts'),
        '@millrace/server/prometheus': source('server/src/prometheus.ts'),
        '@millrace/server/telemetry': source('server/src/telemetry.ts'),
      },
    },
  }
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config))
  const { resolve } = createRequire(join(packages, '..', 'package.json'))
  const compiler = join(dirname(resolve('@typescript/native/package.json')), 'bin', 'tsc')
  const compiling = promisify(execFile)(process.execPath, [compiler, '-p', folder])
  const { stdout } = await compiling.catch((failure: { stdout: string }) => failure)
  return stdout
}
