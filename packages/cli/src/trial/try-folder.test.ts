import { afterAll, beforeAll, expect, it } from 'vitest'
import { orderDocument, shopDocument } from '../commands/shop.fixture.ts'
import { type TemporaryFolder, temporaryFolder } from '../temporary-folder.fixture.ts'
import { formatTrials } from './table.ts'
import { tryFolder } from './try-folder.ts'
import { typeCheck } from './type-check.ts'

let folder: TemporaryFolder
beforeAll(async () => {
  folder = await temporaryFolder()
})
afterAll(() => folder.remove())

it('tries every document, those in folders too, and tells of each what became of it', async () => {
  const example =
    '        examples:\n          - payload: { total: 1 }\n          - payload: { total: many }\n'
  await folder.write('all/a/shop.yaml', shopDocument.replace('      lost:', `${example}      lost:`))
  await folder.write('all/a/order.yaml', orderDocument)
  await folder.write('all/b.json', '{ "asyncapi": "1.2.0" }')
  await folder.write('all/package.json', '{ "name": "b" }')
  await folder.write('all/note.md', 'no document')
  const trials = await tryFolder(`${folder.path}/all`)
  expect(trials).toMatchObject([
    { file: 'a/shop.yaml', status: 'passed', channels: 1, events: 2, examples: 1, reasons: [] },
    { file: 'b.json', status: 'refused', reasons: [expect.stringContaining('1.2.0')] },
    { file: 'package.json', status: 'refused' },
  ])
  const table = formatTrials(trials, false)
  expect(table).toMatch(/^ +document +channels +events +examples +losses +warnings\n/)
  expect(table).toMatch(/\npassed {3}a\/shop\.yaml +1 +2 +1 +1 +\d+\n/)
  expect(table).toMatch(/\nrefused {2}b\.json\n {2}.*1\.2\.0/)
  expect(table.endsWith('\n1 passed, 2 refused\n')).toBe(true)
})

it('finds what does not fit by its types', async () => {
  await folder.write('types/right.ts', 'export const a: number = 1')
  await folder.write('types/wrong.ts', "\nexport const a: number = 'a'")
  expect([...(await typeCheck(`${folder.path}/types`))]).toEqual([
    ['wrong.ts', [expect.stringMatching(/^2,14: error TS2322: /)]],
  ])
})

it('tells when the types could not be checked at all', async () => {
  await folder.write('nothing/tsconfig.json', '')
  await expect(typeCheck(`${folder.path}/nothing`)).rejects.toThrow('the types could not be checked')
})
