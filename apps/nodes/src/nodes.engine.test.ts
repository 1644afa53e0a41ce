import { expect, it, onTestFinished } from 'vitest'
import { type EngineName, engines } from './engines.ts'
import type { ProxyName } from './proxy.ts'
import { runTrial } from './trial.ts'

// The long form, which also tries Kafka, is `npm run test:nodes`.
it.each<[engine: EngineName, proxy: ProxyName]>([
  ['Redis', 'nginx'],
  ['NATS', 'nginx'],
  ['Postgres', 'haproxy'],
])(
  'two servers on %s behind %s, killed and drained in turn, lose nothing, double nothing and keep the order',
  async (engine, proxy) => {
    const server = await engines[engine]()
    onTestFinished(() => server.remove())
    const plan = { subscribers: 60, seconds: 4, rate: 100, drain: 1_000 }
    const result = await runTrial({ logUrl: server.url, proxy, ...plan })
    expect(result.faults).toEqual([])
    expect(result).toMatchObject({ complete: 60, received: result.expected })
    expect(result.killed).toBeGreaterThanOrEqual(2)
    expect(result.drained).toBeGreaterThanOrEqual(2)
    expect(result.cuts).toBeGreaterThan(0)
  },
  120_000,
)
