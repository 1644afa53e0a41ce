import type { LogFinding } from '@millrace/log'
import { type PostgresServer, postgresServer } from '@millrace/test-engines'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { PostgresLogOptions } from './options.ts'
import { postgresLog } from './postgres-log.ts'
import { postgresSchema } from './schema.ts'

let server: PostgresServer
beforeAll(async () => {
  server = await postgresServer('max_connections=20')
})
afterAll(() => server.remove())

async function diagnose(options: Partial<PostgresLogOptions> = {}): Promise<readonly LogFinding[]> {
  const log = postgresLog({ connection: server.url, ...options })
  try {
    return await log.diagnose()
  } finally {
    await log.close()
  }
}

const about = (findings: readonly LogFinding[], subject: string) =>
  findings.find((finding) => finding.subject === subject)

it('finds nothing wrong with a Postgres that is set up well, and leaves nothing there', async () => {
  const findings = await diagnose()
  expect(findings.map(({ level, subject }) => [level, subject])).toEqual([
    ['ok', 'version'],
    ['ok', 'role'],
    ['ok', 'synchronous_commit'],
    ['ok', 'schema'],
    ['ok', 'listen'],
    ['ok', 'max_connections'],
    ['ok', 'retention'],
  ])
  expect(about(findings, 'schema')?.message).toContain('makes it with its first use')
  expect(await server.query(`SELECT FROM pg_namespace WHERE nspname = 'millrace'`)).toEqual([])
})

it('tells what of durability is turned off', async () => {
  const url = new URL(server.url)
  url.searchParams.set('options', '-c synchronous_commit=off')
  expect(about(await diagnose({ connection: url.href }), 'synchronous_commit')).toMatchObject({
    level: 'warn',
  })
  await server.query('ALTER SYSTEM SET fsync = off')
  await server.query('SELECT pg_reload_conf()')
  await expect.poll(async () => about(await diagnose(), 'fsync')?.level, { timeout: 5_000 }).toBe('fault')
  await server.query('ALTER SYSTEM RESET fsync')
  await server.query('SELECT pg_reload_conf()')
})

it('tells in what state the schema is', async () => {
  const state = async (options: Partial<PostgresLogOptions>) => about(await diagnose(options), 'schema')
  const schema = 'looked_at'
  expect(await state({ schema, migrate: false })).toMatchObject({
    level: 'fault',
    cure: expect.stringContaining('postgresSchema'),
  })
  await server.query(postgresSchema({ schema }))
  expect(await state({ schema, migrate: false })).toMatchObject({ level: 'ok' })
  await server.query(`CREATE ROLE reader LOGIN; GRANT USAGE ON SCHEMA ${schema} TO reader`)
  await server.query(`GRANT SELECT ON ALL TABLES IN SCHEMA ${schema} TO reader`)
  const connection = server.url.replace('millrace@', 'reader@')
  expect(await state({ connection, schema })).toMatchObject({
    level: 'fault',
    message: expect.stringContaining('may not make tables'),
  })
  expect(await state({ connection, schema: 'another' })).toMatchObject({
    level: 'fault',
    message: expect.stringContaining('may not make it'),
  })
  await server.query(`INSERT INTO ${schema}.migrations (number) VALUES (99)`)
  expect(await state({ schema })).toMatchObject({
    level: 'fault',
    message: expect.stringContaining('later version'),
  })
  await server.query(`DELETE FROM ${schema}.migrations`)
  expect(await state({ schema, migrate: false })).toMatchObject({
    level: 'fault',
    message: expect.stringContaining('has format 0'),
  })
})

it('finds out that word of events does not come', async () => {
  const listen = async (listen: PostgresLogOptions['listen']) =>
    about(await diagnose(listen === undefined ? {} : { listen }), 'listen')
  await server.query('CREATE DATABASE another')
  expect(await listen(server.url.replace(/postgres$/, 'another'))).toMatchObject({
    level: 'warn',
    message: expect.stringContaining('does not come'),
  })
  expect(await listen(server.url.replace(/postgres$/, 'missing'))).toMatchObject({
    level: 'fault',
    message: expect.stringContaining('no such database'),
  })
  expect(await listen(false)).toMatchObject({ level: 'ok', message: expect.stringContaining('100 ms') })
})

it('says that the connections run out', async () => {
  const logs = Array.from({ length: 14 }, (_, index) =>
    postgresLog({ connection: server.url, schema: 'shared', listen: index % 2 === 0 ? false : server.url }),
  )
  try {
    await Promise.all(logs.map((log) => log.bounds()))
    expect(about(await diagnose(), 'max_connections')).toMatchObject({ level: 'warn' })
  } finally {
    await Promise.all(logs.map((log) => log.close()))
  }
})

it('says that none can be reached, without its address or password', async () => {
  const connection = new URL(server.url)
  connection.port = '1'
  connection.password = 'geheim'
  const findings = await diagnose({ connection: connection.href, maxAge: 1_000 })
  expect(findings).toMatchObject([
    { level: 'fault', subject: 'connection', message: expect.stringContaining('ECONNREFUSED') },
    { level: 'fault', subject: 'retention' },
  ])
  expect(JSON.stringify(findings)).not.toMatch(/geheim|127\.0\.0\.1/)
})

it('is no more for a log that was closed', async () => {
  const log = postgresLog({ connection: server.url })
  await log.close()
  await expect(log.diagnose()).rejects.toMatchObject({ code: 'log-closed' })
})
