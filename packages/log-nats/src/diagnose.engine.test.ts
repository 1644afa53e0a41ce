import type { LogFinding } from '@millrace/log'
import { type NatsServer, natsServer } from '@millrace/test-engines'
import { DiscardPolicy, StorageType } from '@nats-io/jetstream'
import { connect, nanos } from '@nats-io/transport-node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { natsLog } from './nats-log.ts'
import type { NatsLogOptions } from './options.ts'

async function diagnose(connection: string, options: NatsLogOptions = {}): Promise<readonly LogFinding[]> {
  const log = natsLog({ connection, ...options })
  try {
    return await log.diagnose({ streamAge: 3_600_000 })
  } finally {
    await log.close()
  }
}

const levels = (findings: readonly LogFinding[]) => findings.map(({ level, subject }) => [level, subject])
const about = (findings: readonly LogFinding[], subject: string) =>
  findings.find((finding) => finding.subject === subject)

describe('a diagnosis', () => {
  let server: NatsServer
  beforeAll(async () => {
    server = await natsServer()
  })
  afterAll(() => server.remove())

  it('judges what the log would make, and makes nothing', async () => {
    const findings = await diagnose(server.url, { maxAge: 600_000 })
    expect(levels(findings)).toEqual([
      ['ok', 'version'],
      ['ok', 'stream'],
      ['ok', 'storage'],
      ['ok', 'replicas'],
      ['warn', 'sync_interval'],
      ['warn', 'retention'],
    ])
    expect(about(findings, 'stream')?.message).toContain('makes it with its first use')
    expect(about(findings, 'sync_interval')).toMatchObject({
      message: expect.stringContaining('120 s, unless it was set'),
      cure: expect.stringContaining('sync_interval: always'),
    })
    expect(await server.operate(({ streams }) => streams.names().next())).toEqual([])
  })

  it('judges the stream that is there, whatever the options say of a new one', async () => {
    const name = 'there'
    await server.operate(({ streams }) =>
      streams.add({
        name,
        subjects: [`${name}.a.>`],
        storage: StorageType.Memory,
        discard: DiscardPolicy.New,
        max_age: nanos(7_200_000),
      }),
    )
    expect(levels(await diagnose(server.url, { name }))).toEqual([
      ['ok', 'version'],
      ['ok', 'stream'],
      ['warn', 'discard'],
      ['warn', 'storage'],
      ['ok', 'replicas'],
      ['ok', 'retention'],
    ])
    await server.operate(({ streams }) =>
      streams.update(name, {
        max_msgs_per_subject: 5,
        max_age: nanos(1_000),
        duplicate_window: nanos(1_000),
      }),
    )
    const findings = await diagnose(server.url, { name })
    expect(about(findings, 'max_msgs_per_subject')).toMatchObject({
      level: 'warn',
      message: expect.stringContaining('the last 5 events of the busiest topic'),
      cure: expect.stringContaining('--max-msgs-per-subject 1000 or more'),
    })
    expect(about(findings, 'retention')).toMatchObject({ level: 'fault' })
    await server.operate(({ streams }) =>
      streams.update(name, { max_msgs_per_subject: 1_000, subjects: ['elsewhere.>'] }),
    )
    const others = await diagnose(server.url, { name })
    expect(about(others, 'max_msgs_per_subject')).toMatchObject({ level: 'ok' })
    expect(about(others, 'stream')).toMatchObject({
      level: 'fault',
      message: expect.stringMatching(/^there has other subjects than a log, so the log refuses to work$/),
      cure: expect.stringMatching(/^Let them be there\.<word>\.>/),
    })
  })

  it.each([
    [{ sync_interval: nanos(120_000), sync_always: true }, 'ok', /^always/],
    [{ sync_interval: nanos(500) }, 'ok', /^0\.5 s/],
    [{ sync_interval: nanos(10_000) }, 'warn', /^10 s: a power failure loses/],
    // As servers before 2.10.
    [{}, 'warn', /^120 s, unless it was set/],
  ])('takes %j from the system account, where this one may ask that', async (config, level, message) => {
    const system = await connect({ servers: server.url })
    system.subscribe('$SYS.REQ.SERVER.PING.VARZ', {
      callback: (_, request) => void request.respond(JSON.stringify({ data: { jetstream: { config } } })),
    })
    await system.flush()
    expect(about(await diagnose(server.url), 'sync_interval')).toMatchObject({
      level,
      message: expect.stringMatching(message),
    })
    await system.close()
  })
})

// Where users may ask the system account what `sync_interval` is.
const accounts = `
  system_account: SYS
  accounts {
    SYS { users: [{ user: "sys", password: "geheim" }], exports: [{ service: "$SYS.REQ.SERVER.PING.VARZ" }] }
    APP {
      jetstream { max_file: 10240 }
      users: [{ user: "app", password: "geheim" }]
      imports: [{ service: { account: SYS, subject: "$SYS.REQ.SERVER.PING.VARZ" } }]
    }
  }`

it('takes sync_interval from the server itself, as far as that says it', async () => {
  // Servers before 2.10 have no such setting, and answer without it.
  let knows = false
  const syncOf = async (setting: string) => {
    const server = await natsServer(accounts, 'app:geheim', setting)
    try {
      const version = await server.operate(async (_, { info }) => info?.version ?? '')
      knows = Number(version.split('.')[1]) >= 10
      return about(await diagnose(server.url.replace('//', '//app:geheim@')), 'sync_interval')
    } finally {
      await server.remove()
    }
  }
  expect(await syncOf('')).toMatchObject({
    level: 'warn',
    message: expect.stringMatching(
      knows ? /^120 s: a power/ : /^120 s, unless it was set, which NATS tells no/,
    ),
    cure: expect.stringContaining(knows ? 'Set sync_interval: always' : 'take nats-server 2.10 or later'),
  })
  if (!knows) return
  expect(await syncOf('sync_interval: always')).toMatchObject({ level: 'ok' })
  expect(await syncOf('sync_interval: "10s"')).toMatchObject({
    level: 'warn',
    message: expect.stringMatching(/^10 s: a power/),
  })
})

it('says how full the account is, and asks the system account where it may', async () => {
  const server = await natsServer(accounts)
  try {
    const url = server.url.replace('//', '//app:geheim@')
    expect(about(await diagnose(url), 'room')).toMatchObject({
      level: 'ok',
      message: expect.stringMatching(/0 %/),
    })
    const log = natsLog({ connection: url })
    const data = JSON.stringify('x'.repeat(9_000))
    await log.append([{ topic: 'orders/1', event: 'placed', version: 1, time: 1, data }])
    await log.close()
    const findings = await diagnose(url)
    expect(about(findings, 'room')).toMatchObject({
      level: 'warn',
      cure: expect.stringContaining('maxBytes'),
    })
    expect(about(findings, 'stream')).toMatchObject({ level: 'ok', message: 'millrace is as a log needs it' })
  } finally {
    await server.remove()
  }
})

it('says what is in the way, without address or password', async () => {
  const server = await natsServer('accounts { APP { users: [{ user: "app", password: "geheim" }] } }')
  const url = server.url.replace('//', '//app:geheim@')
  try {
    expect(await diagnose(url)).toMatchObject([
      { level: 'fault', subject: 'connection', message: expect.stringContaining('JetStream') },
      { subject: 'retention' },
    ])
    expect(await diagnose(server.url)).toMatchObject([
      { level: 'fault', subject: 'connection', message: expect.stringContaining('are wrong') },
      { subject: 'retention' },
    ])
  } finally {
    await server.remove()
  }
  const findings = await diagnose(url)
  expect(findings).toMatchObject([{ level: 'fault', subject: 'connection' }, { subject: 'retention' }])
  expect(JSON.stringify(findings)).not.toMatch(/geheim|127\.0\.0\.1/)
})

it('is no more for a log that was closed', async () => {
  const log = natsLog()
  await log.close()
  await expect(log.diagnose()).rejects.toMatchObject({ code: 'log-closed' })
})
