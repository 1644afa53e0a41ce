import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'

const options = {
  target: 'ES2022',
  lib: ['ES2023'],
  types: [],
  module: 'ESNext',
  moduleResolution: 'Bundler',
  customConditions: ['@millrace/source'],
  allowImportingTsExtensions: true,
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noEmit: true,
  skipLibCheck: true,
}

/**
 * Checks the types of all modules in a folder, strictly.
 *
 * @returns what the compiler says, by the name of the file
 */
export async function typeCheck(folder: string): Promise<ReadonlyMap<string, readonly string[]>> {
  await writeFile(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: options, include: ['*.ts'] }),
  )
  const { failed, output } = await runCompiler(folder)
  const faults = new Map<string, string[]>()
  for (const line of output.split('\n')) {
    const [, file, place, message] = /^(.+?)\((\d+,\d+)\): (.+)$/.exec(line) ?? []
    if (file === undefined) continue
    const name = basename(file)
    faults.set(name, [...(faults.get(name) ?? []), `${place}: ${message}`])
  }
  // What is not about a file is about the compiler.
  if (failed && faults.size === 0) throw new Error(`the types could not be checked: ${output}`)
  return faults
}

function runCompiler(folder: string): Promise<{ failed: boolean; output: string }> {
  const entry = createRequire(import.meta.url).resolve('@typescript/native/package.json')
  const { bin } = JSON.parse(readFileSync(entry, 'utf8'))
  const parameters = [join(dirname(entry), bin.tsc), '--project', folder, '--pretty', 'false']
  return new Promise((resolve) => {
    execFile(process.execPath, parameters, { cwd: folder, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      resolve({ failed: error !== null, output: `${stdout}${stderr}` })
    })
  })
}
