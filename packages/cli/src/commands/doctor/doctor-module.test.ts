import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { channel, defineContract } from '@millrace/contract'
import { type Log, memoryLog } from '@millrace/log'
import { createEventServer, type EventServer } from '@millrace/server'
import { afterAll, beforeAll, expect, it } from 'vitest'
import * as z from 'zod'
import { runCommand } from '../../run-command.ts'
import { type TemporaryFolder, temporaryFolder } from '../../temporary-folder.fixture.ts'
import { millrace, rememberingTerminal } from '../../terminal.fixture.ts'

let folder: TemporaryFolder
beforeAll(async () => {
  folder = await temporaryFolder()
})
afterAll(async () => {
  await shared.shopEvents?.close({ drain: 0 })
  delete shared.shopLog
  delete shared.shopEvents
  delete shared.otherLog
  await folder.remove()
})

const run = (...args: string[]) => millrace(folder.path, 'doctor', ...args)

// Made here and handed on, so that it is made of the sources, whatever there is of a build.
const shop = defineContract({
  name: 'shop',
  version: '1.0.0',
  channels: { orders: channel('orders/{orderId}', { events: { placed: z.object({ total: z.number() }) } }) },
})
const shared = globalThis as { shopLog?: Log; shopEvents?: EventServer; otherLog?: Pick<Log, 'diagnose'> }
const source =
  'export const log = shopLog\nconst events: unknown = shopEvents\nexport { events, events as default }\nexport const other = otherLog\n'

async function writeShop({ maxAge }: { readonly maxAge: number }) {
  await shared.shopEvents?.close({ drain: 0 })
  shared.shopLog = memoryLog({ maxAge })
  shared.shopEvents = createEventServer({ contract: shop, log: shared.shopLog })
  shared.otherLog = { diagnose: async () => [{ level: 'ok', subject: 'disk', message: 'It has room' }] }
  await folder.write('events.ts', source)
}

it('asks whatever a module exports that can say how it is, each once', async () => {
  await writeShop({ maxAge: 600_000 })
  const { code, printed, noted } = await run('events.ts')
  expect({ code, noted }).toEqual({ code: 0, noted: '' })
  expect(printed).toMatch(/^events\n {2}ok {5}heartbeat {2}A stream is silent for 15 s at most\n/)
  expect(printed).toMatch(/\n {2}warn {3}processes {2}The log is in the memory of one process/)
  expect(printed).toMatch(
    /^ {2}warn {3}retention {2}Records are kept for 600 s, and streams last up to 3,600 s/m,
  )
  expect(printed).toMatch(/\n\nother\n {2}ok {5}disk {2}It has room\n/)
  // The server has said it all.
  expect(printed).not.toMatch(/^(default|log)$/m)
  expect(printed).toMatch(/→ Take a log that outlives the process .*\(docs\/choosing-a-log\.md\)\n/)
  expect(printed).toMatch(/\n2 warnings\n$/)
  expect(await run('events.ts', '--strict')).toMatchObject({ code: 1, printed })
})

it('tells programs, and ends with 1 for a fault', async () => {
  await writeShop({ maxAge: 1_000 })
  const { code, printed } = await run('events.ts', '--json')
  expect(code).toBe(1)
  expect(JSON.parse(printed)).toMatchObject({
    faults: 1,
    warnings: 1,
    diagnoses: [
      {
        name: 'events',
        findings: [
          { level: 'ok', subject: 'heartbeat' },
          { level: 'warn', subject: 'processes' },
          { level: 'fault', subject: 'retention' },
        ],
      },
      { name: 'other', findings: [{ subject: 'disk' }] },
    ],
  })
})

it('asks anything of that shape, shows what it says harmlessly, and bears what it throws', async () => {
  await folder.write(
    'own.js',
    `export const log = { diagnose: async () => [{ level: 'fault', subject: 'disk', message: 'full\\u001b[2J' }] }
     export const broken = { diagnose: async () => { throw new Error('The log is closed') } }`,
  )
  const { code, printed } = await run('own.js')
  expect(code).toBe(1)
  expect(printed).toContain('full\\u001b[2J')
  expect(printed).toMatch(/fault {2}diagnosis {2}The log is closed/)
  expect(printed).toMatch(/\n2 faults\n$/)
})

it('asks a module that fails meanwhile, and tells that beside the findings', async () => {
  await folder.write(
    'server.js',
    `console.log('listening')
     setImmediate(() => { throw new Error('EADDRINUSE') })
     void Promise.reject(new Error('no mail server'))
     export const log = { diagnose: () => new Promise((resolve) => setTimeout(resolve, 100, [])) }`,
  )
  const main = join(import.meta.dirname, '../../main.ts')
  const args = ['--conditions=@millrace/source', main, 'doctor', 'server.js', '--json']
  const { code, printed, noted } = await new Promise<{ code: number; printed: string; noted: string }>(
    (resolve) => {
      execFile(process.execPath, args, { cwd: folder.path }, (error, printed, noted) =>
        resolve({ code: Number(error?.code ?? 0), printed, noted }),
      )
    },
  )
  expect(JSON.parse(printed)).toMatchObject({ diagnoses: [{ name: 'log', findings: [] }] })
  expect(noted.split('\n').sort()).toEqual([
    '',
    'listening',
    'server.js: EADDRINUSE',
    'server.js: no mail server',
  ])
  expect(code).toBe(0)
})

it('wraps what it tells people at the width of their screen', async () => {
  const message = 'one two three four five six seven eight nine ten'
  await folder.write(
    'long.js',
    `export const log = { diagnose: async () => [{ level: 'warn', subject: 'disk', message: '${message}', cure: '${message}' }] }`,
  )
  const { terminal, said } = rememberingTerminal({ directory: folder.path, columns: 48 })
  await runCommand(['doctor', 'long.js'], terminal)
  expect(said.printed).toBe(
    [
      'log',
      '  warn   disk  one two three four five six seven',
      '               eight nine ten',
      '               → one two three four five six',
      '                 seven eight nine ten',
      '',
      '1 warning',
      '',
    ].join('\n'),
  )
})

it.each([
  ['nothing of the kind', 'nothing.ts', 'export const port = 80', /it exports port; export the log, or/],
  ['nothing at all', 'empty.ts', '', /it exports nothing/],
  [
    'a module that fails',
    'fails.ts',
    'throw new Error("no EVENTS_FILE")',
    /failed when it was run: no EVENTS/,
  ],
])('says that there is %s', async (_, name, source, noted) => {
  await folder.write(name, source)
  expect(await run(name)).toMatchObject({ code: 2, printed: '', noted: expect.stringMatching(noted) })
})

it.each([
  [[], /What is to be looked at/],
  [['a.ts', 'b.ts'], /One at a time/],
  [['ftp://shop.example/events'], /is not an address/],
  [['localhost:4000/events'], /without http:\/\//],
  [['a.ts', '--seconds', 'soon'], /--seconds is a number/],
  [['missing.ts'], /there is no file missing\.ts/],
])('does not understand %j', async (args, noted) => {
  expect(await run(...args)).toMatchObject({ code: 2, noted: expect.stringMatching(noted) })
})

it('ends by itself, whatever the module keeps open', async () => {
  await folder.write(
    'open.js',
    `import { createServer } from 'node:net'
     createServer().listen(0)
     export const log = { diagnose: async () => [{ level: 'ok', subject: 'disk', message: 'x'.repeat(100_000) }] }`,
  )
  const main = join(import.meta.dirname, '../../main.ts')
  const child = spawn(
    process.execPath,
    ['--conditions=@millrace/source', main, 'doctor', 'open.js', '--json'],
    {
      cwd: folder.path,
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  let printed = ''
  child.stdout.on('data', (data) => {
    printed += data
  })
  expect(await once(child, 'close')).toEqual([0, null])
  expect(JSON.parse(printed)).toMatchObject({ faults: 0, warnings: 0 })
})
