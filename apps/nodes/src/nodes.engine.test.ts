import { postgresServer, redisServer } from '@millrace/test-engines'
import { expect, it, onTestFinished } from 'vitest'
import type { ProxyName } from './proxy.ts'
import { runTrial } from './trial.ts'

const engines = {
  Redis: () => redisServer(),
  Postgres: () => postgresServer('max_connections=40'),
} as const

// The long form is `npm run test:nodes`.
it.each<[engine: keyof typeof engines, proxy: ProxyName]>([
  ['Redis', 'nginx'],
  ['Postgres', 'haproxy'],
])(
  'two servers on %s behind %s, killed and drained in turn, lose nothing, double nothing and keep the order',
  async (engine, proxy) => {
    const server = await engines[engine]()
    onTestFinished(() => server.remove())
    const result = await runTrial({ logUrl: server.url, proxy, subscribers: 60, seconds: 8, rate: 100 })
    expect(result.faults).toEqual([])
    expect(result).toMatchObject({ complete: 60, received: result.expected })
    expect(result.killed).toBeGreaterThan(0)
    expect(result.drained).toBeGreaterThan(0)
    expect(result.cuts).toBeGreaterThan(0)
  },
)
