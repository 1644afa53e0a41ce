import { afterAll, beforeAll, expect, it } from 'vitest'
import { type TemporaryFolder, temporaryFolder } from '../../temporary-folder.fixture.ts'
import { millrace } from '../../terminal.fixture.ts'
import { orderDocument, shopDocument, shopSource } from '../shop.fixture.ts'

let folder: TemporaryFolder
beforeAll(async () => {
  folder = await temporaryFolder()
  await folder.write('shop.ts', shopSource())
  await folder.write('shop.yaml', shopDocument)
  await folder.write('order.yaml', orderDocument)
})
afterAll(() => folder.remove())

const run = (...args: string[]) => millrace(folder.path, 'check', ...args)

it('tells what is in a contract', async () => {
  expect(await run('shop.ts')).toEqual({
    code: 0,
    printed: 'ok  shop.ts: shop 1.0.0, 1 channel, 2 events\n',
    noted: '',
  })
})

it('tells what of a document would be lost, which only --strict minds', async () => {
  const { code, printed, noted } = await run('shop.yaml', 'shop.ts')
  expect(code).toBe(0)
  expect(printed).toMatch(
    /^ok {2}shop\.yaml: shop 1\.0\.0, 1 channel, \d events?; 1 loss.*\nok {2}shop\.ts: /,
  )
  expect(noted).toMatch(/^loss +shop\.yaml:15 /m)
  expect(await run('shop.yaml', '--strict')).toMatchObject({
    code: 1,
    printed: expect.stringMatching(/^not ok/),
  })
})

it.each<[string, string, number, RegExp]>([
  [
    'a schema that goes one way',
    shopSource({ total: 'z.string().transform(Number)' }),
    2,
    /event "placed".+total/,
  ],
  [
    'a mistake',
    shopSource().replace('z.object(', 'z.objekt('),
    2,
    /faulty\.ts:\d+ failed when it was run: .+objekt/,
  ],
  ['no TypeScript', 'export const shop = {', 2, /faulty\.ts:\d+:\d+ cannot be read/],
  ['no contract', 'export const shop = 1', 2, /exports no contract: it exports shop/],
])('says what is wrong with a module: %s', async (_, source, code, noted) => {
  await folder.write('faulty.ts', source)
  expect(await run('faulty.ts')).toMatchObject({ code, printed: '', noted: expect.stringMatching(noted) })
})
