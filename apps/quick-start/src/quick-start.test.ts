import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'

// The files themselves, on a port that is free here.

let folder: string
let children: ChildProcess[]

beforeEach(async () => {
  const data = join(import.meta.dirname, '../.data')
  await mkdir(data, { recursive: true })
  folder = await mkdtemp(join(data, 'quick-start-'))
  children = []
})
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL')
  await rm(folder, { recursive: true })
})

it('runs: an order is published, and arrives typed in each form', async () => {
  const port = await freePort()
  for (const name of ['shop.ts', 'server.ts', 'client.ts']) {
    const text = await readFile(join(import.meta.dirname, name), 'utf8')
    await writeFile(join(folder, name), text.replaceAll('4000', String(port)))
  }
  const server = run('server.ts')
  expect(await server.says(/published as \S+/)).toMatch(/published as [0-9a-z]+\.1$/)
  const client = run('client.ts')
  // A Date by then, or it would have no such method.
  await client.says(/^10 at \d\d?:\d\d:\d\d/)
})

function run(name: string) {
  const parameters = [
    '--conditions=@millrace/source',
    '--disable-warning=ExperimentalWarning',
    join(folder, name),
  ]
  const child = spawn(process.execPath, parameters, { stdio: ['ignore', 'pipe', 'pipe'] })
  children.push(child)
  let output = ''
  const look = new Set<() => void>()
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data: Buffer) => {
      output += data
      for (const listener of look) listener()
    })
  }
  return {
    /** Resolves with the line that it prints, or rejects when it ends without. */
    says: (pattern: RegExp) =>
      new Promise<string>((resolve, reject) => {
        const listener = () => {
          const line = output.split('\n').find((text) => pattern.test(text))
          if (line !== undefined) resolve(line)
        }
        look.add(listener)
        listener()
        void once(child, 'exit').then(() => reject(new Error(`${name} ended: ${output}`)))
      }),
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, 'localhost')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (typeof address !== 'object' || address === null) throw new Error('no port')
  return address.port
}
