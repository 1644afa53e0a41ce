import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** What the compiler makes of modules that use this package. */
export interface Compilation {
  readonly faults: readonly {
    readonly file: string
    /** From 1. */
    readonly line: number
    /** From 1. */
    readonly column: number
    /** Of several lines, where the compiler says why. */
    readonly message: string
  }[]
  /** The declarations of each module, which have the types that an editor shows. */
  readonly declarations: Readonly<Record<string, string>>
  /** How often it made a type of a generic one. It is what a check of types costs, on whatever machine. */
  readonly instantiations: number
}

const options = {
  target: 'ES2022',
  lib: ['ES2023', 'DOM'],
  types: [],
  module: 'ESNext',
  moduleResolution: 'Bundler',
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: true,
  declaration: true,
  emitDeclarationOnly: true,
  allowImportingTsExtensions: true,
  paths: {
    '@millrace/contract': ['../../../src/index.ts'],
    '@millrace/contract/plain': ['../../../src/plain.ts'],
  },
}

/** Compiles modules as a project of somebody who uses this package, with the strictest settings. */
export async function compile(modules: Readonly<Record<string, string>>): Promise<Compilation> {
  // Inside this package, where the libraries are that its tests use.
  const parent = join(import.meta.dirname, '../node_modules/.test')
  await mkdir(parent, { recursive: true })
  const folder = await mkdtemp(join(parent, 'compile-'))
  try {
    const files = Object.keys(modules)
    await Promise.all(files.map((file) => writeFile(join(folder, file), modules[file] ?? '')))
    const outDir = join(folder, 'types')
    const compilerOptions = { ...options, rootDir: join(folder, '../../..'), outDir }
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }))
    const output = await runCompiler(folder)
    const written = join(outDir, 'node_modules/.test', folder.slice(parent.length))
    const declarations = await Promise.all(
      files.map(async (file) => [
        file,
        await readFile(join(written, file.replace(/\.ts$/, '.d.ts')), 'utf8'),
      ]),
    )
    return {
      faults: faultsIn(output),
      declarations: Object.fromEntries(declarations),
      instantiations: Number(/^Instantiations: +(\d+)$/m.exec(output)?.[1]),
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function faultsIn(output: string): Compilation['faults'] {
  const [diagnostics = ''] = output.split(/^Files: /m)
  return diagnostics.split(/^(?=\S)/m).flatMap((text) => {
    const [, file = '', line, column, message = ''] =
      /^(.+?)\((\d+),(\d+)\): error TS\d+: (.+)$/s.exec(text.trim()) ?? []
    if (file === '' && text.includes('error')) throw new Error(`the compiler says: ${text}`)
    return file === '' ? [] : [{ file, line: Number(line), column: Number(column), message }]
  })
}

function runCompiler(folder: string): Promise<string> {
  const entry = createRequire(import.meta.url).resolve('@typescript/native/package.json')
  const { bin } = JSON.parse(readFileSync(entry, 'utf8')) as { readonly bin: { readonly tsc: string } }
  const parameters = ['--project', folder, '--pretty', 'false', '--extendedDiagnostics']
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(dirname(entry), bin.tsc), ...parameters],
      { cwd: folder, maxBuffer: 2 ** 26 },
      // It fails where a module has faults.
      (_, stdout, stderr) => resolve(`${stdout}${stderr}`),
    )
  })
}
