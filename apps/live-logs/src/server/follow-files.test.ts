import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type FollowedFiles, type FollowFilesOptions, followFiles } from './follow-files.ts'
import { parseTarget, TargetError } from './follow-target.ts'

let folder: string
let seen: string[]
let followed: FollowedFiles | undefined

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'follow-files-'))
  seen = []
})
afterEach(async () => {
  await followed?.close()
  followed = undefined
  await rm(folder, { recursive: true })
})

async function follow(names: readonly string[], options: Partial<FollowFilesOptions> = {}) {
  followed = await followFiles({
    targets: names.map((name) => parseTarget(name, folder)),
    async publish(path, events) {
      for (const event of events)
        if (event.name === 'line') seen.push(`${basename(path)}: ${event.data.text}`)
    },
    onError(error) {
      throw error
    },
    // Looks happen only where a test asks for them.
    every: () => () => {},
    hints: false,
    ...options,
  })
  return followed
}

it('follows several files and patterns, each file once', async () => {
  await writeFile(join(folder, 'a.log'), 'one\n')
  await writeFile(join(folder, 'b.log'), 'two\n')
  await writeFile(join(folder, 'b.log.gz'), 'packed\n')
  const files = await follow(['a.log', '*.log*', 'later.txt'])
  expect(seen.sort()).toEqual(['a.log: one', 'b.log: two'])
  await writeFile(join(folder, 'c.log'), 'three\n')
  await writeFile(join(folder, 'later.txt'), 'four\n')
  await files.look()
  expect(seen.slice(2).sort()).toEqual(['c.log: three', 'later.txt: four'])
  expect(files.paths().map((path) => basename(path))).toEqual(['a.log', 'later.txt', 'b.log', 'c.log'])
})

it('finds files in new folders', async () => {
  const files = await follow(['**/*.log'])
  await mkdir(join(folder, 'deep/er'), { recursive: true })
  await writeFile(join(folder, 'deep/er/x.log'), 'one\n')
  await files.look()
  expect(seen).toEqual(['x.log: one'])
})

it('takes a name that looks like a pattern as that file, where it is there', async () => {
  await writeFile(join(folder, '[a].log'), 'brackets\n')
  await writeFile(join(folder, 'a.log'), 'letter\n')
  await follow(['[a].log'])
  expect(seen).toEqual(['[a].log: brackets'])
})

it('sees a line by looking alone, and by a hint alone', async () => {
  const path = join(folder, 'a.log')
  await writeFile(path, '')
  const looking = { every: everyFewMilliseconds, hints: false }
  const hinted = { hints: true }
  for (const [index, options] of [looking, hinted].entries()) {
    const files = await follow(['a.log'], { ...options, lines: 0 })
    await appendFile(path, `${index}\n`)
    await expect.poll(() => seen.at(-1)).toBe(`a.log: ${index}`)
    await files.close()
  }
})

it('tells of a failure and goes on', async () => {
  await writeFile(join(folder, 'a.log'), '')
  const errors: unknown[] = []
  let fail = true
  const files = await follow(['a.log'], {
    async publish(_path, events) {
      if (fail) throw new Error('no')
      for (const event of events) if (event.name === 'line') seen.push(event.data.text)
    },
    onError: (error) => errors.push(error),
  })
  expect(errors).toHaveLength(1)
  fail = false
  await appendFile(join(folder, 'a.log'), 'one\n')
  await files.look()
  expect(seen).toEqual(['one'])
})

it('refuses a directory, and says what to do', () => {
  expect(() => parseTarget('.', folder)).toThrow(TargetError)
  expect(() => parseTarget('.', folder)).toThrow(/is a directory.*\*\.log/)
})

function everyFewMilliseconds(_interval: number, run: () => void): () => void {
  const timer = setInterval(run, 5)
  return () => clearInterval(timer)
}
