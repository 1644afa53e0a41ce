import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { stripTypeScriptTypes } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import type { PlainStore } from './cursor-store.ts'

/** The store of the guide, as it stands there. */
async function guideStore(): Promise<(file: string) => PlainStore> {
  const guide = await readFile(join(import.meta.dirname, '../../../../docs/resuming.md'), 'utf8')
  const code = /^```ts\n(function fileStore.*?)^```$/ms.exec(guide)?.[1] ?? ''
  const body = `${stripTypeScriptTypes(code)}\nreturn fileStore`
  return new Function('readFile', 'rename', 'writeFile', body)(readFile, rename, writeFile)
}

it('the file store of the guide keeps what several subscriptions write at once, and tells what it cannot read', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-store-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const fileStore = await guideStore()
  const file = join(folder, 'cursors.json')
  const store = fileStore(file)
  expect(await store.get('a0')).toBe(undefined)
  const keys = Array.from({ length: 20 }, (_, index) => `a${index}`)
  await Promise.all(keys.map((key) => store.set(key, `k.${key}`)))
  const next = fileStore(file)
  expect(await Promise.all(keys.map((key) => next.get(key)))).toEqual(keys.map((key) => `k.${key}`))
  await expect(fileStore(folder).get('a0')).rejects.toMatchObject({ code: 'EISDIR' })
  // One that failed does not keep the next one from being written.
  const late = fileStore(join(folder, 'late', 'cursors.json'))
  await expect(late.set('a0', 'k.1')).rejects.toMatchObject({ code: 'ENOENT' })
  await mkdir(join(folder, 'late'))
  await late.set('a0', 'k.2')
  expect(await late.get('a0')).toBe('k.2')
})
