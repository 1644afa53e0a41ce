import { appendFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { fileLog } from './file-log.fixture.ts'
import { aRecord, readAll } from './follow.fixture.ts'
import { temporaryDirectory } from './temporary.fixture.ts'

let directory: ReturnType<typeof temporaryDirectory>
beforeEach(() => {
  directory = temporaryDirectory('memory')
})
afterEach(() => directory.remove())

it('the guide to writing a log shows what is compiled here and runs under the suite', async () => {
  const guide = join(import.meta.dirname, '..', '..', '..', 'docs', 'writing-a-log.md')
  const blocks = (await readFile(guide, 'utf8')).matchAll(/^```ts\n\/\/ (\S+)\n(.*?)^```$/gms)
  const shown = Object.fromEntries([...blocks].map(([, name, text]) => [name, text]))
  const own = async (name: string) =>
    (await readFile(join(import.meta.dirname, name), 'utf8')).replaceAll('file-log.fixture.ts', 'file-log.ts')
  expect(shown).toEqual({
    'file-log.ts': await own('file-log.fixture.ts'),
    'file-log.test.ts': await own('file-log.test.ts'),
  })
})

it('the log of the guide keeps its history, and cuts off what a crash left half written', async () => {
  const file = directory.file()
  const log = await fileLog(file)
  await log.append([aRecord(1, '1', 'a'), aRecord(2)])
  await log.append([aRecord(3)])
  await log.trim(2)
  const bounds = await log.bounds()
  const records = await readAll(log)
  const before = await log.read(1, 0)
  await log.close()
  await appendFile(file, '[{"offset":4,"topic":"orders/1","ev')
  const again = await fileLog(file)
  expect(await again.bounds()).toEqual(bounds)
  expect(await readAll(again)).toEqual(records)
  expect(await again.read(1, 0)).toEqual(before)
  expect(await again.append([aRecord(5)])).toMatchObject([{ epoch: bounds.epoch, offset: 4 }])
  await again.close()
  const third = await fileLog(file)
  expect((await third.bounds()).head).toBe(4)
  await third.close()
})
