import {
  appendFile,
  chmod,
  copyFile,
  mkdir,
  mkdtemp,
  rename,
  rm,
  truncate,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FileFollower } from './file-follower.ts'
import type { FollowedEvent, PublishFollowed } from './followed-event.ts'
import { LifeRegistry } from './life-registry.ts'

let folder: string
let path: string
let clock: number
let seen: FollowedEvent[]
const open: FileFollower[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'file-follower-'))
  path = join(folder, 'app.log')
  clock = Date.UTC(2026, 10, 21)
  seen = []
})
afterEach(async () => {
  await Promise.all(open.splice(0).map((follower) => follower.close()))
  await rm(folder, { recursive: true })
})

const collect: PublishFollowed = async (events) => {
  seen.push(...events)
}

function follow(options: Partial<ConstructorParameters<typeof FileFollower>[0]> = {}): FileFollower {
  const follower = new FileFollower({
    path,
    lines: 200,
    lives: new LifeRegistry(),
    now: () => clock,
    publish: collect,
    ...options,
  })
  open.push(follower)
  return follower
}

/** What was published since the last call, in short: lines as their text, other events as their name. */
function news(): string[] {
  return seen.splice(0).map((event) => (event.name === 'line' ? event.data.text : `<${event.name}>`))
}

describe('a growing file', () => {
  it('gives the lines that are there as earlier ones, and each new one once', async () => {
    await writeFile(path, 'one\ntwo\n')
    const follower = follow()
    await follower.look()
    expect(seen.map((event) => event.name === 'line' && event.data.earlier)).toEqual([false, true, true])
    expect(news()).toEqual(['<opened>', 'one', 'two'])
    await appendFile(path, 'three\n')
    await follower.look()
    expect(seen).toEqual([
      {
        name: 'line',
        data: { text: 'three', level: 'unknown', at: null, byte: 8, omitted: 0, earlier: false },
      },
    ])
    news()
    await follower.look()
    expect(news()).toEqual([])
  })

  it('begins near the end of a long file', async () => {
    await writeFile(path, Array.from({ length: 50_000 }, (_, index) => `line ${index}\n`).join(''))
    await follow({ lines: 3 }).look()
    expect(news()).toEqual(['<opened>', 'line 49997', 'line 49998', 'line 49999'])
  })

  it('puts together a line, and a character, from several writes', async () => {
    await writeFile(path, '')
    const follower = follow()
    const wave = Buffer.from('🌊')
    for (const part of ['be', Buffer.from('gin '), wave.subarray(0, 1), wave.subarray(1), '\r', '\nnext']) {
      await appendFile(path, part)
      await follower.look()
    }
    expect(news()).toEqual(['<opened>', 'begin 🌊'])
  })

  it('gives a line without an end after a quiet second, and what follows as another', async () => {
    await writeFile(path, 'prompt> ')
    const follower = follow()
    await follower.look()
    clock += 999
    await follower.look()
    expect(news()).toEqual(['<opened>'])
    clock += 1
    await follower.look()
    await follower.look()
    expect(news()).toEqual(['prompt> '])
    await appendFile(path, 'yes\n')
    await follower.look()
    expect(news()).toEqual(['yes'])
  })

  it('reads a burst in bounded chunks, each after the one before was taken', async () => {
    await writeFile(path, '')
    let pending = 0
    const most: number[] = []
    const follower = follow({
      async publish(events) {
        pending += 1
        expect(pending).toBe(1)
        most.push(events.length)
        await new Promise(setImmediate)
        pending -= 1
        await collect(events)
      },
    })
    await follower.look()
    await appendFile(path, 'x'.repeat(99).concat('\n').repeat(100_000))
    await follower.look()
    expect(news().length).toBe(100_001)
    expect(Math.max(...most)).toBeLessThanOrEqual(656)
  })

  it('gives everything after a failed publish but the chunk that failed', async () => {
    await writeFile(path, 'one\n')
    let fail = true
    const follower = follow({
      async publish(events) {
        if (fail) throw new Error('full')
        await collect(events)
      },
    })
    await expect(follower.look()).rejects.toThrow('full')
    fail = false
    await appendFile(path, 'two\n')
    await follower.look()
    expect(news()).toContain('two')
  })
})

describe('rotation', () => {
  it('reads the old file to its end, then the new one from its beginning', async () => {
    await writeFile(path, 'old\n')
    const follower = follow()
    await follower.look()
    await appendFile(path, 'last\n')
    await rename(path, `${path}.1`)
    await writeFile(path, 'first\n')
    await follower.look()
    expect(news()).toEqual(['<opened>', 'old', 'last', '<rotated>', 'first'])
  })

  it('reads on what a slow writer still adds to the old file', async () => {
    await writeFile(path, 'old\n')
    const follower = follow()
    await follower.look()
    await rename(path, `${path}.1`)
    await writeFile(path, '')
    await follower.look()
    news()
    await appendFile(`${path}.1`, 'late\nno end')
    await follower.look()
    expect(news()).toEqual(['late'])
    clock += 5000
    await follower.look()
    expect(news()).toEqual(['no end'])
    await appendFile(`${path}.1`, 'too late\n')
    await follower.look()
    expect(news()).toEqual([])
  })

  it('sees a file that was replaced by a rename over it', async () => {
    await writeFile(path, 'old\n')
    const follower = follow()
    await follower.look()
    await writeFile(`${path}.new`, 'new\n')
    await rename(`${path}.new`, path)
    await follower.look()
    expect(news()).toEqual(['<opened>', 'old', '<rotated>', 'new'])
  })

  it('does not call a name missing for the moment between rename and create', async () => {
    await writeFile(path, 'old\n')
    const follower = follow()
    await follower.look()
    await rename(path, `${path}.1`)
    await follower.look()
    clock += 900
    await follower.look()
    await writeFile(path, 'new\n')
    await follower.look()
    expect(news()).toEqual(['<opened>', 'old', '<rotated>', 'new'])
  })

  it('sees copy and truncate, and the hole that a careless writer leaves', async () => {
    await writeFile(path, 'old\nolder\n')
    const follower = follow()
    await follower.look()
    await copyFile(path, `${path}.1`)
    await truncate(path)
    await follower.look()
    await appendFile(path, `${'\0'.repeat(10)}new\n`)
    await follower.look()
    expect(news()).toEqual(['<opened>', 'old', 'older', '<truncated>', 'new'])
  })

  it('sees a file that was emptied and outgrew its old size between two looks', async () => {
    await writeFile(path, 'old\n')
    const follower = follow()
    await follower.look()
    await writeFile(path, 'new and longer\n')
    await follower.look()
    expect(news()).toEqual(['<opened>', 'old', '<truncated>', 'new and longer'])
  })

  it('sees a file that was written anew with the same size', async () => {
    await writeFile(path, 'old\n')
    const follower = follow()
    await follower.look()
    await follower.look()
    news()
    await writeFile(path, 'new\n')
    await follower.look()
    expect(news()).toEqual(['<truncated>', 'new'])
  })
})

describe('a file that is not there', () => {
  it('is told once, and read whole when it comes', async () => {
    const follower = follow({ lines: 1 })
    await follower.look()
    await follower.look()
    expect(news()).toEqual(['<missing>'])
    await writeFile(path, 'one\ntwo\n')
    await follower.look()
    expect(seen[1]).toMatchObject({ data: { earlier: false } })
    expect(news()).toEqual(['<opened>', 'one', 'two'])
  })

  it('is told when it was deleted, and followed again when it comes back', async () => {
    await writeFile(path, 'one\nhalf')
    const follower = follow()
    await follower.look()
    await rm(path)
    await follower.look()
    clock += 1000
    await follower.look()
    expect(news()).toEqual(['<opened>', 'one', 'half', '<missing>'])
    expect(follower.gone).toBe(true)
    await writeFile(path, 'again\n')
    await follower.look()
    expect(news()).toEqual(['<opened>', 'again'])
  })

  it('goes on where it was when the same file is moved back', async () => {
    await writeFile(path, 'one\n')
    const follower = follow()
    await follower.look()
    await rename(path, `${path}.away`)
    await follower.look()
    clock += 1000
    await follower.look()
    await appendFile(`${path}.away`, 'two\n')
    await rename(`${path}.away`, path)
    await follower.look()
    expect(news()).toEqual(['<opened>', 'one', '<missing>', 'two', '<opened>'])
  })
})

describe('a name that cannot be read', () => {
  it('refuses a directory in words', async () => {
    await mkdir(path)
    const follower = follow()
    await follower.look()
    await follower.look()
    expect(seen).toEqual([{ name: 'unreadable', data: { reason: 'it is a directory' } }])
  })

  it('tells of missing permission once, and tries again', async () => {
    await writeFile(path, 'one\n')
    await chmod(path, 0)
    const follower = follow()
    await withoutPrivileges(async () => {
      await follower.look()
      await follower.look()
    })
    expect(seen.splice(0)).toEqual([{ name: 'unreadable', data: { reason: 'permission denied' } }])
    await chmod(path, 0o600)
    await follower.look()
    expect(news()).toEqual(['<opened>', 'one'])
  })
})

// Nothing is forbidden to root.
async function withoutPrivileges(task: () => Promise<void>): Promise<void> {
  if (process.getuid?.() !== 0) return task()
  await chmod(folder, 0o755)
  const nobody = 65534
  process.seteuid?.(nobody)
  try {
    await task()
  } finally {
    process.seteuid?.(0)
  }
}

describe('a name that a pattern found', () => {
  it('is left alone while the file is read under another name, and then read on from there', async () => {
    const lives = new LifeRegistry()
    await writeFile(path, 'one\n')
    const first = follow({ lives })
    await first.look()
    await rename(path, `${path}.1`)
    await writeFile(path, '')
    const second = follow({ lives, path: `${path}.1`, found: true })
    await first.look()
    await second.look()
    expect(news()).toEqual(['<opened>', 'one', '<rotated>'])
    clock += 5000
    await first.look()
    await appendFile(`${path}.1`, 'two\n')
    await second.look()
    expect(news()).toEqual(['<opened>', 'two'])
  })
})

it('gives every byte once and in order, however writes, looks and rotations fall', async () => {
  for (let seed = 1; seed <= 20; seed += 1) {
    const random = createRandom(seed)
    const name = join(folder, `seed-${seed}.log`)
    await writeFile(name, '')
    const follower = follow({ path: name })
    await follower.look()
    news()
    let written = ''
    let rotations = 0
    let looked = true
    for (let step = 0; step < 60; step += 1) {
      const kind = random()
      if (kind < 0.5) {
        const text = `${step} é🌊 ${'x'.repeat(Math.floor(random() * 40))}\n`
        const bytes = Buffer.from(text)
        const cut = Math.floor(random() * bytes.length)
        written += text
        await appendFile(name, bytes.subarray(0, cut))
        if (random() < 0.5) await follower.look()
        await appendFile(name, bytes.subarray(cut))
      } else if (kind < 0.9 || !looked) {
        await follower.look()
        looked = true
      } else {
        rotations += 1
        looked = false
        await rename(name, `${name}.${rotations}`)
        if (random() < 0.5) await follower.look()
        await writeFile(name, '')
      }
    }
    await follower.look()
    const lines = news().filter((text) => text !== '<rotated>')
    expect(lines.join('\n'), `seed ${seed}`).toBe(written.slice(0, -1))
  }
})

/** Numbers that look random and are the same each time (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
