import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type TemporaryFolder, temporaryFolder } from '../temporary-folder.fixture.ts'
import { loadContracts } from './load-contracts.ts'
import { ContractLoadError, type LoadFault } from './load-error.ts'

const head = `import { channel, defineContract } from '@millrace/contract'\nimport * as z from 'zod'\n`
const contract = (name: string) =>
  `defineContract({ name: '${name}', version: '1.0.0', channels: { all: channel('all', { events: { e: z.string() } }) } })`

let folder: TemporaryFolder
beforeAll(async () => {
  folder = await temporaryFolder()
})
afterAll(() => folder.remove())

const namesIn = async (file: string) =>
  (await loadContracts(file)).contracts.map(({ exportName }) => exportName)

describe('a module that exports contracts', () => {
  it.each<[string, string, string, readonly string[]]>([
    ['TypeScript', 'one.ts', `${head}export const one: unknown = ${contract('one')}`, ['one']],
    [
      'several',
      'two.ts',
      `${head}export const a = ${contract('a')}\nexport const b = ${contract('b')}`,
      ['a', 'b'],
    ],
    ['as default', 'default.ts', `${head}export default ${contract('a')}`, ['default']],
    [
      'by name and as default',
      'both.ts',
      `${head}const a = ${contract('a')}\nexport { a as default, a }`,
      ['a'],
    ],
    ['JavaScript', 'plain.mjs', `${head}export const one = ${contract('one')}`, ['one']],
    [
      'CommonJS',
      'common.cjs',
      `const { channel, defineContract } = require('@millrace/contract')\nconst z = require('zod')\nexports.one = ${contract('one')}`,
      ['one'],
    ],
    [
      'TypeScript that must be compiled',
      'enum.ts',
      `${head}import { Name } from './lib'\nexport enum Kind { a = 'a' }\nexport const one = ${contract('one')}\nexport const name = Name.x`,
      ['one'],
    ],
    [
      'what it waits for',
      'await.ts',
      `${head}await Promise.resolve()\nexport const one = ${contract('one')}`,
      ['one'],
    ],
  ])('%s', async (_, name, text, expected) => {
    await folder.write('lib.ts', `export enum Name { x = 'x' }`)
    expect(await namesIn(await folder.write(name, text))).toEqual(expected)
  })

  it('is found in a package of this workspace', async () => {
    const file = fileURLToPath(new URL('../../../sample-contracts/src/index.ts', import.meta.url))
    const { contracts, exports } = await loadContracts(file)
    expect(contracts.map(({ contract }) => contract['~contract'].name)).toContain('logs')
    expect(Object.keys(exports)).toContain('levels')
  })

  it('is read anew each time, and so is what it imports', async () => {
    await folder.write('name.ts', `export const name = 'before'`)
    const text = `${head}import { name } from './name.ts'\nexport const one = ${contract('x').replace(`'x'`, 'name')}`
    const file = await folder.write('again.ts', text)
    const nameOf = async () => (await loadContracts(file)).contracts[0]?.contract['~contract'].name
    expect(await nameOf()).toBe('before')
    await folder.write('name.ts', `export const name = 'after'`)
    expect(await nameOf()).toBe('after')
  })
})

describe('a module that gives no contract', () => {
  it.each<[string, LoadFault, string, string]>([
    [
      'nothing',
      'no-contract',
      '',
      'FILE exports no contract: it exports nothing; export what defineContract() returns',
    ],
    [
      'other things',
      'no-contract',
      'export const a = 1\nexport default 2',
      'FILE exports no contract: it exports a, default; export what defineContract() returns',
    ],
    [
      'an error',
      'threw',
      `\nthrow new Error('no shop today')`,
      'FILE:2 failed when it was run: no shop today',
    ],
    ['what is no error', 'threw', `throw 'out'`, 'FILE failed when it was run: out'],
    [
      'a contract that cannot hold',
      'threw',
      `${head}export const one = ${contract('one').replace('z.string()', 'z.date()')}`,
      'FILE:3 failed when it was run: event "e" of "all": z.date() cannot cross JSON both ways; use a codec such as isoDate',
    ],
    [
      'a package that is not there',
      'threw',
      `import { a } from 'no-such-package'\nexport const b = a`,
      "FILE:1 failed when it was run: Cannot find module 'no-such-package'; is it installed, and does the path hold?",
    ],
    [
      'no TypeScript',
      'syntax',
      'export const a = {\n  b: 1\n  c: 2\n}',
      'FILE:3:2 cannot be read: Unexpected token, expected ","',
    ],
  ])('%s', async (name, fault, text, message) => {
    const file = await folder.write(`${name.replaceAll(' ', '-')}.ts`, text)
    const error = await loadContracts(file).catch((error: unknown) => error)
    expect(error).toBeInstanceOf(ContractLoadError)
    expect(error).toMatchObject({ fault, file, message: message.replaceAll('FILE', file) })
  })

  it('a file that is not there', async () => {
    await expect(loadContracts('nowhere.ts')).rejects.toMatchObject({
      fault: 'not-found',
      message: 'there is no file nowhere.ts',
    })
  })

  it('a folder', async () => {
    await expect(loadContracts(folder.path)).rejects.toThrow('is a folder; name the module in it')
  })

  it('names the imported file that cannot be read', async () => {
    const broken = await folder.write('broken.ts', 'export const = 1')
    const file = await folder.write('imports.ts', `export { a } from './broken.ts'`)
    await expect(loadContracts(file)).rejects.toThrow(`${broken}:1:13 cannot be read`)
  })
})
