import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest'
import { type TemporaryFolder, temporaryFolder } from '../../temporary-folder.fixture.ts'
import { millrace } from '../../terminal.fixture.ts'
import { orderDocument, shopDocument, shopSource } from '../shop.fixture.ts'

const installed = fileURLToPath(new URL('../../../node_modules', import.meta.url))

let folder: TemporaryFolder
beforeAll(async () => {
  folder = await temporaryFolder()
  mkdirSync(join(folder.path, 'node_modules/@millrace'), { recursive: true })
  for (const name of ['@millrace/contract', 'zod']) {
    symlinkSync(realpathSync(join(installed, name)), join(folder.path, 'node_modules', name), 'junction')
  }
  await folder.write('.gitignore', 'node_modules\n')
  await folder.write('package.json', '{ "name": "@acme/contracts", "type": "module" }')
  await folder.write('.changeset/config.json', '{}')
  await folder.write('src/amount.ts', "import * as z from 'zod'\nexport const amount = z.number()")
  await folder.write(
    'src/shop.ts',
    shopSource({ total: 'amount', imports: "import { amount } from './amount.ts'" }),
  )
  await folder.write('shop.yaml', shopDocument)
  await folder.write('order.yaml', orderDocument)
  git('init', '--quiet')
  git('add', '.')
  git('-c', 'user.name=a', '-c', 'user.email=a@example.org', 'commit', '--quiet', '-m', 'a')
  await folder.write('src/amount.ts', "import * as z from 'zod'\nexport const amount = z.string()")
})
afterAll(() => folder.remove())

const git = (...args: string[]) => execFileSync('git', args, { cwd: folder.path })
const run = (...args: string[]) => millrace(folder.path, 'diff', ...args)

it('compares a file with itself', async () => {
  expect(await run('src/shop.ts', 'src/shop.ts')).toEqual({
    code: 0,
    printed: 'Verdict: none, nothing changed\n',
    noted: '',
  })
})

it('compares with another state of the repository, files beside it included, and leaves no trace', async () => {
  // Of its own, since others make and remove folders in the one of all.
  const temporary = mkdtempSync(join(tmpdir(), 'diff-'))
  for (const name of ['TMPDIR', 'TEMP', 'TMP']) vi.stubEnv(name, temporary)
  onTestFinished(() => {
    vi.unstubAllEnvs()
    rmSync(temporary, { recursive: true })
  })
  expect(tmpdir()).toBe(temporary)
  const status = String(git('status', '--porcelain'))
  const { code, printed, noted } = await run('HEAD:src/shop.ts', 'src/shop.ts')
  expect(code).toBe(1)
  expect(printed).toContain('orders.placed #/properties/total')
  expect(printed).toMatch(/\nVerdict: major \(wire major, source major, replay major\)\n$/)
  expect(noted).toBe("The contract's version is 1.0.0; these changes ask for 2.0.0 after 1.0.0.\n")
  expect(String(git('status', '--porcelain'))).toBe(status)
  expect(readdirSync(temporary)).toEqual([])
})

it('starts paths in another state from where it stands', async () => {
  const { code, printed } = await millrace(
    join(folder.path, 'src'),
    'diff',
    'HEAD:shop.ts',
    'shop.ts',
    '--format',
    'json',
  )
  expect(code).toBe(1)
  expect(JSON.parse(printed)).toMatchObject({ verdict: { overall: 'major' } })
})

it('compares documents, with what they refer to', async () => {
  await folder.write('order.yaml', orderDocument.replace('minimum: 0', 'minimum: 1'))
  const { code, printed, noted } = await run(
    'HEAD:shop.yaml',
    'shop.yaml',
    '--format',
    'github',
    '--fail-on',
    'none',
  )
  expect(code).toBe(0)
  expect(printed).toMatch(/^::error file=shop\.yaml,title=limit-tightened::/)
  expect(noted).toMatch(/^loss +HEAD:shop\.yaml:15 /m)
})

it('compares with an installed package', async () => {
  const path = 'node_modules/@acme/shop'
  await folder.write(
    `${path}/package.json`,
    '{ "name": "@acme/shop", "type": "module", "exports": { "import": "./shop.ts" } }',
  )
  await folder.write(`${path}/shop.ts`, shopSource({ total: 'z.number()' }))
  expect(await run('@acme/shop', 'src/shop.ts')).toMatchObject({ code: 1 })
})

it('lets a contract break what its version announces', async () => {
  await folder.write('next.ts', shopSource({ total: 'z.string()', version: '2.0.0' }))
  expect(await run('HEAD:src/shop.ts', 'next.ts')).toMatchObject({ code: 0, noted: '' })
})

it('fails from another level on', async () => {
  const more = shopSource().replace('shipped:', 'paid: z.object({}), shipped:')
  await folder.write('more.ts', more)
  expect(await run('HEAD:src/shop.ts', 'more.ts')).toMatchObject({
    code: 0,
    noted: expect.stringContaining('1.1.0'),
  })
  expect(await run('HEAD:src/shop.ts', 'more.ts', '--fail-on', 'minor')).toMatchObject({ code: 1 })
})

it('writes a changeset, once', async () => {
  const { noted } = await run('HEAD:src/shop.ts', 'src/shop.ts', '--changeset')
  const [, name = ''] = /^wrote (\.changeset\/shop-[0-9a-f]{8}\.md)$/m.exec(noted.replaceAll('\\', '/')) ?? []
  expect(readFileSync(join(folder.path, name), 'utf8')).toMatch(/^---\n"@acme\/contracts": major\n---\n/)
  expect(await run('HEAD:src/shop.ts', 'src/shop.ts', '--changeset')).toMatchObject({
    noted: expect.stringContaining(`unchanged`),
  })
  expect(await run('src/shop.ts', 'src/shop.ts', '--changeset')).toMatchObject({
    noted: 'No changeset: nothing changed.\n',
  })
})

it.each<[string, RegExp]>([
  ['nowhere:src/shop.ts', /^nowhere is no state of a repository: /],
  ['HEAD:src/none.ts', /^there is no file src\/none\.ts in HEAD/],
  ['@acme/none', /^there is no file @acme\/none, and no package of that name is installed/],
])('says what it does not find: %s', async (name, noted) => {
  expect(await run(name, 'src/shop.ts')).toMatchObject({ code: 2, noted: expect.stringMatching(noted) })
  expect(existsSync(join(folder.path, 'src/shop.ts'))).toBe(true)
})
