import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { runCommand } from '../../run-command.ts'
import { type TemporaryFolder, temporaryFolder } from '../../temporary-folder.fixture.ts'
import { millrace, rememberingTerminal } from '../../terminal.fixture.ts'
import { orderDocument, shopDocument, shopSource } from '../shop.fixture.ts'
import { targets } from './generate-options.ts'

let folder: TemporaryFolder
beforeAll(async () => {
  folder = await temporaryFolder()
  await folder.write('shop.ts', shopSource())
  await folder.write('api/shop.yaml', shopDocument)
  await folder.write('api/order.yaml', orderDocument)
})
afterAll(() => folder.remove())

const run = (...args: string[]) => millrace(folder.path, 'generate', ...args)
const json = (text: string): unknown => JSON.parse(text)
const yaml = (text: string): unknown => parse(text)
const text = (name: string) => readFileSync(join(folder.path, name), 'utf8')

describe('out of a contract', () => {
  it.each(targets)('prints %s', async (target) => {
    const { code, printed, noted } = await run('shop.ts', '--to', target)
    expect({ code, noted }).toEqual({ code: 0, noted: '' })
    expect(printed).toContain('placed')
    expect(printed.endsWith('\n')).toBe(true)
    expect(await run('shop.ts', '--to', target)).toMatchObject({ printed })
  })

  it.each([
    [['--to', 'asyncapi', '--out', 'api.json'], 'api.json', json, { asyncapi: '3.1.0' }],
    [['--to', 'asyncapi', '-o', 'api.yml'], 'api.yml', yaml, { asyncapi: '3.1.0' }],
    [['--to', 'openapi', '-o', 'new/folder/'], 'new/folder/shop.openapi.yaml', yaml, { openapi: '3.2.0' }],
    [['--to', 'openapi', '--openapi', '3.1', '--out', 'o.yaml'], 'o.yaml', yaml, { openapi: '3.1.1' }],
    [['--to', 'openapi', '--format', 'json', '--out', 'o.txt'], 'o.txt', json, { openapi: '3.2.0' }],
    [
      ['--to', 'openapi', '--url', 'https://shop.example/live', '--out', 'u.yaml'],
      'u.yaml',
      yaml,
      { servers: [{ url: 'https://shop.example' }], paths: { '/live': {} } },
    ],
    [['--to', 'jsonschema', '--out', 's/'], 's/shop.schema.json', json, { $defs: {} }],
    [
      ['--to', 'jsonschema', '--each', '--out', 'e/'],
      'e/orders.placed.schema.json',
      json,
      { type: 'object' },
    ],
  ] as const)('writes a file: %j', async (args, name, read, content) => {
    const { code, printed, noted } = await run('shop.ts', ...args)
    expect({ code, printed }).toEqual({ code: 0, printed: '' })
    expect(noted).toContain(`wrote ${name}\n`)
    expect(read(text(name))).toMatchObject(content)
    expect(await run('shop.ts', ...args)).toMatchObject({
      noted: expect.stringContaining(`unchanged ${name}\n`),
    })
    expect(await run('shop.ts', ...args, '--check')).toMatchObject({ code: 0 })
  })

  it('leaves nothing beside what it writes', async () => {
    await run('shop.ts', '--to', 'html', '--out', 'alone/')
    await run('shop.ts', '--to', 'html', '--out', 'alone/', '--check')
    expect(await readdir(join(folder.path, 'alone'))).toEqual(['shop.html'])
  })

  it('has one contract where several are exported, by its name, by its export, or all into a folder', async () => {
    const second = "export const second = defineContract({ name: 'other', version: '1.0.0', channels: {} })"
    await folder.write('two.ts', `${shopSource()}\n${second}`)
    for (const name of ['other', 'second']) {
      const { printed } = await run('two.ts', '--to', 'asyncapi', '--contract', name)
      expect(parse(printed)).toMatchObject({ info: { title: 'other' } })
    }
    expect(await run('two.ts', '--to', 'asyncapi')).toMatchObject({
      code: 2,
      noted: expect.stringContaining('choose one contract with --contract'),
    })
    expect(await run('two.ts', '--to', 'asyncapi', '--out', 'one.yaml')).toMatchObject({ code: 2 })
    expect(await run('two.ts', '--to', 'asyncapi', '--contract', 'third')).toMatchObject({
      code: 2,
      noted: 'two.ts has no contract "third"; it has other, shop\n',
    })
    expect(await run('two.ts', '--to', 'asyncapi', '--out', 'both/')).toMatchObject({ code: 0 })
    expect((await readdir(join(folder.path, 'both'))).sort()).toEqual([
      'other.asyncapi.yaml',
      'shop.asyncapi.yaml',
    ])
  })

  it('asks what it is to make', async () => {
    expect(await run('shop.ts')).toMatchObject({
      code: 2,
      noted: expect.stringContaining('What is to be made of shop.ts?'),
    })
  })

  it('says why a file cannot be written', async () => {
    await folder.write('taken', 'a file')
    expect(await run('shop.ts', '--to', 'html', '--out', 'taken/')).toMatchObject({
      code: 2,
      noted: expect.stringContaining('taken/shop.html cannot be written: '),
    })
  })
})

describe('out of a document', () => {
  it('is a contract in Zod, and what was lost is told with its place', async () => {
    const { code, printed, noted } = await run('--from', 'api/shop.yaml')
    expect(code).toBe(0)
    expect(printed).toContain("import * as z from 'zod'")
    expect(printed).toContain('What a customer bought')
    expect(printed).toContain('isoDate')
    expect(noted).toMatch(/^loss +api\/shop\.yaml:15 .+Lost/m)
    expect(await run('api/shop.yaml')).toMatchObject({ printed })
    expect(await run('api/shop.yaml', '--from', 'asyncapi')).toMatchObject({ printed })
  })

  it('is one in Zod Mini, with dates as text', async () => {
    const { printed } = await run('--from', 'api/shop.yaml', '--mini', '--dates', 'string')
    expect(printed).toContain("import * as z from 'zod/mini'")
    expect(printed).not.toContain('isoDate')
  })

  it('is refused with --strict where something is lost, and nothing is written', async () => {
    expect(await run('--from', 'api/shop.yaml', '--strict', '--out', 'strict.ts')).toMatchObject({
      code: 1,
      noted: expect.stringContaining('Nothing was written: 1 loss'),
    })
    expect(await readdir(folder.path)).not.toContain('strict.ts')
  })

  it('can be any other target, and what is generated can be a source again', async () => {
    const { printed } = await run('api/shop.yaml', '--to', 'openapi')
    expect(parse(printed)).toMatchObject({ info: { title: 'Shop' } })
    await run('--from', 'api/shop.yaml', '--out', 'imported.ts')
    const again = await run('imported.ts', '--to', 'asyncapi')
    expect(again.code).toBe(0)
    expect(parse(again.printed)).toMatchObject({ channels: { orders: { address: 'orders/{orderId}' } } })
  })

  it.each([
    ['none.yaml', 'there is no file none.yaml'],
    ['.', '. is a folder'],
    ['note.txt', 'note.txt is neither a module (.ts, .js) nor a document (.yaml, .json)'],
  ])('is not found: %s', async (name, reason) => {
    await folder.write('note.txt', 'a note')
    expect(await run('--from', name)).toMatchObject({ code: 2, noted: expect.stringContaining(reason) })
  })

  it.each([
    ['broken.yaml', 'asyncapi: [', /^error +broken\.yaml:\d/m],
    ['other.yaml', 'name: shop', /^error +other\.yaml/m],
  ])('is broken: %s', async (name, content, noted) => {
    await folder.write(name, content)
    expect(await run('--from', name)).toMatchObject({
      code: 1,
      printed: '',
      noted: expect.stringMatching(noted),
    })
  })
})

describe('--check', () => {
  it('fails when a file is stale or missing, and says where', async () => {
    const args = ['shop.ts', '--to', 'typescript', '--out', 'checked.ts', '--check'] as const
    expect(await run(...args)).toEqual({
      code: 1,
      printed: '',
      noted: 'checked.ts is missing\nThe same command without --check writes it anew.\n',
    })
    await run(...args.slice(0, -1))
    const fresh = text('checked.ts')
    writeFileSync(join(folder.path, 'checked.ts'), fresh.replaceAll('\n', '\r\n'))
    expect(await run(...args)).toMatchObject({ code: 0 })
    await folder.write('checked.ts', fresh.replace('total: number', 'total: string'))
    const { code, noted } = await run(...args)
    expect(code).toBe(1)
    expect(noted).toMatch(/^checked\.ts is stale from line \d+\n {2}- +total: string\n {2}\+ +total: number/)
    expect(text('checked.ts')).toContain('total: string')
    await folder.write('checked.ts', `${fresh}\nmore`)
    expect(await run(...args)).toMatchObject({ code: 1 })
  })
})

describe('--watch', () => {
  it('writes again after every change, and waits a mistake out', async () => {
    await mkdir(join(folder.path, 'watched'), { recursive: true })
    await folder.write('watched/package.json', '{ "type": "module" }')
    await folder.write('watched/amount.ts', "import * as z from 'zod'\nexport const amount = z.int()")
    const imports = "import { amount } from './amount.ts'\n"
    await folder.write('watched/shop.ts', shopSource({ total: 'amount', imports }))
    const controller = new AbortController()
    const { terminal, noted, said } = rememberingTerminal({
      directory: join(folder.path, 'watched'),
      signal: controller.signal,
    })
    const ended = runCommand(
      ['generate', 'shop.ts', '--to', 'asyncapi', '--out', 'shop.yaml', '--watch'],
      terminal,
    )
    await noted(/wrote shop\.yaml\nwatching shop\.ts\n/)
    expect(text('watched/shop.yaml')).toContain('integer')

    await folder.write('watched/amount.ts', "import * as z from 'zod'\nexport const amount = z.string()")
    await noted(/(wrote shop\.yaml\nwatching shop\.ts\n){2}/)
    expect(text('watched/shop.yaml')).not.toContain('integer')

    const written = statSync(join(folder.path, 'watched/shop.yaml')).mtimeMs
    await folder.write('watched/amount.ts', 'export const amount = z.')
    await noted(/cannot be read/)
    expect(statSync(join(folder.path, 'watched/shop.yaml')).mtimeMs).toBe(written)
    await folder.write('watched/amount.ts', "import * as z from 'zod'\nexport const amount = z.boolean()")
    await noted(/(wrote shop\.yaml\nwatching shop\.ts\n[\s\S]*){3}/)

    controller.abort()
    expect(await ended).toBe(0)
    expect(said.printed).toBe('')
  })
})
