import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { findTailStart } from './tail-start.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tail-start-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function tailOf(content: string, lines: number, bytes = 1024 * 1024): Promise<string> {
  const path = join(folder, 'file.log')
  await writeFile(path, content)
  await using file = await open(path)
  return content.slice(await findTailStart(file, content.length, { lines, bytes }))
}

it('gives the last lines, whether or not the last one is ended', async () => {
  expect(await tailOf('a\nb\nc\n', 2)).toBe('b\nc\n')
  expect(await tailOf('a\nb\nc', 2)).toBe('b\nc')
  expect(await tailOf('a\nb\n\n', 2)).toBe('b\n\n')
})

it('gives all of a short or empty file', async () => {
  expect(await tailOf('a\nb\n', 9)).toBe('a\nb\n')
  expect(await tailOf('', 9)).toBe('')
})

it('gives nothing for no lines', async () => {
  expect(await tailOf('a\n', 0)).toBe('')
})

it('reads across blocks', async () => {
  const long = `${'x'.repeat(100_000)}\n`
  expect((await tailOf(`first\n${long}${long}last\n`, 3)).length).toBe(200_007)
})

it('stops at the byte limit, at the beginning of a line where there is one', async () => {
  expect(await tailOf(`${'x'.repeat(90)}\nlast\n`, 5, 20)).toBe('last\n')
  expect(await tailOf('x'.repeat(90), 5, 20)).toBe('x'.repeat(20))
})
