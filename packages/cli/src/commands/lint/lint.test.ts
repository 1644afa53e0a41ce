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

const run = (...args: string[]) => millrace(folder.path, 'lint', ...args)

it('tells what could be better, which only --strict minds', async () => {
  const { code, printed, noted } = await run('shop.ts')
  expect({ code, noted }).toEqual({ code: 0, noted: '' })
  expect(printed).toContain('undocumented-event')
  expect(printed).toContain('unbounded-string')
  expect(await run('shop.ts', '--strict')).toMatchObject({ code: 1, printed })
})

it('looks by the rules that it is told', async () => {
  const { printed } = await run('shop.ts', '--off', 'undocumented-event')
  expect(printed).not.toContain('undocumented-event')
  expect(printed).toContain('unbounded-string')
  expect(await run('shop.ts', '--off', 'spelling')).toMatchObject({
    code: 2,
    noted: expect.stringContaining('there is no rule "spelling"; there are unreadable, '),
  })
})

it('tells of a document what was lost, and where', async () => {
  const { code, printed } = await run('shop.yaml', '--format', 'json')
  expect(code).toBe(0)
  expect(JSON.parse(printed)).toMatchObject({
    findings: expect.arrayContaining([
      expect.objectContaining({ source: expect.objectContaining({ file: 'shop.yaml', line: 15 }) }),
    ]),
  })
})

it.each<[string, string, RegExp]>([
  [
    'a schema that goes one way',
    shopSource({ total: 'z.string().transform(Number)' }),
    /unrepresentable-schema/,
  ],
  [
    'a schema that is asynchronous',
    shopSource({ total: 'z.number().refine(async () => true)' }),
    /async-schema/,
  ],
])('finds what a contract is refused for: %s', async (_, source, printed) => {
  await folder.write('refused.ts', source)
  expect(await run('refused.ts')).toMatchObject({
    code: 1,
    printed: expect.stringMatching(printed),
    noted: '',
  })
})

it('says why a module could not be run at all', async () => {
  await folder.write('faulty.ts', 'throw new Error("no")')
  expect(await run('faulty.ts')).toMatchObject({
    code: 2,
    printed: '',
    noted: expect.stringContaining('failed when'),
  })
})

it('finds an example in a document that does not fit', async () => {
  const example = '        examples:\n          - payload: { total: many }\n'
  await folder.write('unfit.yaml', shopDocument.replace('      lost:', `${example}      lost:`))
  const { code, printed } = await run('unfit.yaml')
  expect(code).toBe(1)
  expect(printed).toMatch(/error .*\[unfit-example\]/)
})
