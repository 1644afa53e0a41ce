import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'

// The command and a server as processes of their own, over real sockets.

const children: ChildProcessWithoutNullStreams[] = []
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }
})

it('prints events as they come, survives a restart of the server, and ends when it is told to', async () => {
  const first = await startServer(0)
  first.say('42 10\n43\n')
  const command = run(
    '../../main.ts',
    'tail',
    `http://127.0.0.1:${first.port}/events`,
    'orders/*',
    '--from',
    'earliest',
  )
  await command.out(/orders\/42 {2}placed {2}\{"total":10\}\n/)
  await command.out(/orders\/43 {2}shipped {2}\{\}\n/)
  await command.err(/^connected\n/)

  first.child.kill('SIGKILL')
  await command.err(/disconnected: .+; trying again in \d+ s\n/)
  const second = await startServer(first.port)
  second.say('44 7\n')
  await command.out(/orders\/44 {2}placed {2}\{"total":7\}\n/)
  await command.err(/orders\/\*: events may be missing here \(epoch\)\n/)

  const ended = once(command.child, 'exit')
  command.child.kill('SIGINT')
  expect(await ended).toEqual([0, null])
  expect(command.text().match(/\n/g)).toHaveLength(3)
})

it('prints JSON for programs, and only the events that were asked for', async () => {
  const server = await startServer(0)
  server.say('42\n42 1\n')
  const options = ['--from', 'earliest', '--event', 'placed', '--json']
  const command = run(
    '../../main.ts',
    'tail',
    `http://127.0.0.1:${server.port}/events`,
    'orders/42',
    ...options,
  )
  await command.out(/\n/)
  expect(JSON.parse(command.text())).toEqual({
    name: 'placed',
    topic: 'orders/42',
    id: expect.stringMatching(/^[0-9a-z]+\.2$/),
    time: expect.any(Number),
    data: { total: 1 },
  })
})

it('ends with 1 when the server refuses for good, and says why', async () => {
  const server = await startServer(0)
  const command = run('../../main.ts', 'tail', `http://127.0.0.1:${server.port}/events`, 'ordres/42')
  expect(await once(command.child, 'exit')).toEqual([1, null])
  await command.err(/The contract has no channel for "ordres\/42"/)
  expect(command.text()).toBe('')
})

async function startServer(port: number) {
  const server = run('shop-server.fixture.ts', String(port))
  await server.out(/\n/)
  return {
    child: server.child,
    port: Number(server.text()),
    say: (lines: string) => server.child.stdin.write(lines),
  }
}

function run(file: string, ...parameters: string[]) {
  const flags = ['--conditions=@millrace/source', '--disable-warning=ExperimentalWarning']
  const child = spawn(process.execPath, [...flags, join(import.meta.dirname, file), ...parameters])
  children.push(child)
  const out = collect(child, 'stdout')
  const err = collect(child, 'stderr')
  return { child, out: out.until, err: err.until, text: out.text }
}

function collect(child: ChildProcessWithoutNullStreams, stream: 'stdout' | 'stderr') {
  let text = ''
  const listeners = new Set<() => void>()
  child[stream].on('data', (data: Buffer) => {
    text += data
    for (const listener of listeners) listener()
  })
  return {
    text: () => text,
    /** Resolves when the pattern has been printed; the test's own timeout is its end. */
    until: (pattern: RegExp) =>
      new Promise<void>((resolve) => {
        const look = () => {
          if (!pattern.test(text)) return
          listeners.delete(look)
          resolve()
        }
        listeners.add(look)
        look()
      }),
  }
}
