import type { LogFinding } from '@millrace/log'
import { type RedisServer, redisServer } from '@millrace/test-engines'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import type { RedisLogOptions } from './options.ts'
import { redisLog } from './redis-log.ts'

let server: RedisServer
beforeAll(async () => {
  server = await redisServer()
})
afterAll(() => server.remove())

async function diagnose(options: RedisLogOptions = {}, use = {}): Promise<readonly LogFinding[]> {
  const log = redisLog({ connection: server.url, ...options })
  try {
    return await log.diagnose(use)
  } finally {
    await log.close()
  }
}

/** Sets what is to be wrong, and back to what it was. */
async function withSettings<Value>(
  settings: Record<string, string>,
  task: () => Promise<Value>,
): Promise<Value> {
  const before = await Promise.all(Object.keys(settings).map(read))
  const set = (values: readonly string[]) =>
    Promise.all(
      Object.keys(settings).map((name, index) => server.command('CONFIG', 'SET', name, values[index] ?? '')),
    )
  await set(Object.values(settings))
  try {
    return await task()
  } finally {
    await set(before)
  }
}

async function read(name: string): Promise<string> {
  const answer = (await server.command('CONFIG', 'GET', name)) as Record<string, string> | string[]
  return (Array.isArray(answer) ? answer[1] : answer[name]) ?? ''
}

const about = (findings: readonly LogFinding[], subject: string) =>
  findings.find((finding) => finding.subject === subject)

it('finds nothing wrong with a Redis that is set up well, and leaves nothing there', async () => {
  const findings = await diagnose()
  expect(findings.map(({ level, subject }) => [level, subject])).toEqual([
    ['ok', 'version'],
    ['ok', 'role'],
    ['ok', 'maxmemory-policy'],
    ['ok', 'appendfsync'],
    ['ok', 'retention'],
  ])
  expect(about(findings, 'appendfsync')?.message).toContain('the last second')
  expect(await server.command('DBSIZE')).toBe(0)
})

it.each<[string, Record<string, string>, string, LogFinding['level'], RegExp]>([
  [
    'an eviction policy',
    { 'maxmemory-policy': 'allkeys-lru' },
    'maxmemory-policy',
    'fault',
    /refuses to work/,
  ],
  ['no persistence', { appendonly: 'no', save: '' }, 'appendonly', 'warn', /loses everything/],
  ['snapshots alone', { appendonly: 'no', save: '3600 1' }, 'appendonly', 'warn', /since its last snapshot/],
  ['no sync', { appendfsync: 'no' }, 'appendfsync', 'warn', /power failure/],
  ['a sync for each append', { appendfsync: 'always' }, 'appendfsync', 'ok', /survives/],
  ['memory that runs out', { maxmemory: '1100000' }, 'maxmemory', 'warn', /appends are refused/],
  ['memory enough', { maxmemory: '1000000000' }, 'maxmemory', 'ok', /^\d+ % of it is used$/],
])('judges %s', async (_, settings, subject, level, message) => {
  const finding = await withSettings(settings, async () => about(await diagnose(), subject))
  expect(finding).toMatchObject({ level, message: expect.stringMatching(message) })
  expect(finding?.cure !== undefined).toBe(level !== 'ok')
})

it('only warns of eviction where the risk was taken', async () => {
  const findings = await withSettings({ 'maxmemory-policy': 'volatile-ttl' }, () =>
    diagnose({ eviction: 'warn' }),
  )
  expect(about(findings, 'maxmemory-policy')).toMatchObject({ level: 'warn' })
})

it('says what it cannot know', async () => {
  await server.command('ACL', 'SETUSER', 'app', 'on', '>secret', '~*', '+@all', '-config', '-info')
  const findings = await diagnose({ connection: server.url.replace('//', '//app:secret@') })
  expect(findings.map(({ level, subject }) => [level, subject])).toEqual([
    ['warn', 'server'],
    ['warn', 'settings'],
    ['ok', 'retention'],
  ])
})

it('says that it is not let in', async () => {
  const findings = await diagnose({ connection: server.url.replace('//', '//nobody:geheim@') })
  expect(about(findings, 'connection')).toMatchObject({
    level: 'fault',
    message: expect.stringContaining('user name or password'),
  })
})

it('says that replicas are missing, or that this is one', async () => {
  expect(about(await diagnose({ replicas: 1 }), 'replicas')).toMatchObject({
    level: 'fault',
    message: expect.stringContaining('0 connected'),
  })
  const replica = await redisServer()
  try {
    await replica.command('REPLICAOF', '127.0.0.1', new URL(server.url).port)
    expect(about(await diagnose({ connection: replica.url }), 'role')).toMatchObject({ level: 'fault' })
    await vi.waitFor(
      async () => expect(about(await diagnose({ replicas: 1 }), 'replicas')).toMatchObject({ level: 'ok' }),
      { timeout: 10_000, interval: 50 },
    )
  } finally {
    await replica.remove()
  }
})

it('says that none can be reached, without its address or password', async () => {
  const gone = await redisServer()
  await gone.remove()
  const findings = await diagnose({ connection: gone.url.replace('//', '//default:geheim@'), maxAge: 1_000 })
  expect(findings).toMatchObject([
    { level: 'fault', subject: 'connection', message: expect.stringContaining('ECONNREFUSED') },
    { level: 'fault', subject: 'retention' },
  ])
  expect(JSON.stringify(findings)).not.toMatch(/geheim|127\.0\.0\.1/)
})

it('is no more for a log that was closed', async () => {
  const log = redisLog({ connection: server.url })
  await log.close()
  await expect(log.diagnose()).rejects.toMatchObject({ code: 'log-closed' })
})
