import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

/** What a process of Node prints that runs a program, and how it ends. */
async function run(program: string): Promise<{ readonly code: number | null; readonly output: string }> {
  const module = (name: string) => JSON.stringify(join(import.meta.dirname, name))
  const source = `
    import { createEventClient } from ${module('index.ts')}
    import { longPolling } from ${module('polling.ts')}
    import { cursorStorage } from ${module('storage.ts')}
    const frame = 'id: k.0\\nevent: millrace.open\\ndata: {"verdict":"fresh","heartbeat":60000}\\n\\n'
    // What comes of these holds no process: there are no sockets.
    const never = () => new Promise(() => {})
    const silent = async () => new Response(
      new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode(frame)) }),
      { headers: { 'content-type': 'text/event-stream' } },
    )
    let asked = 0
    const unanswered = () => (asked++, never())
    const url = 'http://server.test/events'
    const contract = { name: 'numbers', version: '1.0.0' }
    const until = (client, state) => new Promise((resolve) => {
      const look = () => client.status.state === state && resolve()
      client.onStatus(look)
      look()
    })
    ${program}
  `
  const options = [
    '--conditions=@millrace/source',
    '--input-type=module-typescript',
    '--disable-warning=ExperimentalWarning',
  ]
  const child = spawn(process.execPath, [...options, '--eval', source], {
    cwd: import.meta.dirname,
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text) => {
      output += text
    })
  const [code] = await once(child, 'close')
  return { code, output }
}

describe('a process that has nothing else to do', () => {
  it('is held by no timer of a client: not while it connects, streams, polls or keeps its cursor', async () => {
    // Any timer that held it would lead to an attempt, and the wait for the next one holds it, so that it would never end.
    const program = `
      createEventClient({ url, fetch: never }).subscribe('lines/a', () => {})
      const open = createEventClient({
        url,
        fetch: silent,
        storage: cursorStorage({ store: new Map(), identity: '', contract }),
      })
      await open.subscribe('lines/a', () => {}, { durable: 'a' }).ready
      const polling = createEventClient({ url, fetch: unanswered, connectTimeout: 20, backoff: { base: 1, floor: 1, cap: 1 }, polling: longPolling({ after: 1 }) })
      const stuck = { get: () => undefined, set: never }
      const slow = createEventClient({ url, fetch: silent, storage: cursorStorage({ store: stuck, identity: '', contract }) })
      await slow.subscribe('lines/a', () => {}, { durable: 'a' }).ready
      polling.subscribe('lines/a', () => {})
      // It holds the process itself until the stream has been given up for a poll.
      const busy = setInterval(() => {}, 1_000)
      while (asked < 2) await new Promise((resolve) => setTimeout(resolve, 5))
      clearInterval(busy)
      console.log(open.status.state, polling.status.state, slow.status.state)
    `
    expect(await run(program)).toEqual({ code: 0, output: 'open connecting open\n' })
  })

  it('lives while a client waits for its next attempt, and until `close()` has kept what it can', async () => {
    const program = `
      let attempts = 0
      const client = createEventClient({
        url,
        backoff: { base: 40, floor: 20, cap: 40 },
        async fetch() {
          if (++attempts < 3) throw new TypeError('fetch failed')
          return silent()
        },
        onError: ({ code, cause }) => console.log(code, cause.code),
        storage: cursorStorage({ store: { get: () => undefined, set: never }, identity: '', contract, storeTimeout: 30 }),
      })
      await client.subscribe('lines/a', () => {}, { durable: 'a' }).ready
      console.log(attempts)
      await client.close()
      console.log('closed')
    `
    expect(await run(program)).toEqual({ code: 0, output: '3\nstorage timeout\nclosed\n' })
  })
})
