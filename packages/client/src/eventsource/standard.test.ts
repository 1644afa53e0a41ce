import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { EventSource } from '../eventsource.ts'
import { ResourceServer } from './resource-server.fixture.ts'
import { runCase, type Surroundings, standardCases } from './standard-cases.fixture.ts'

let server: ResourceServer
let other: ResourceServer
let surroundings: Surroundings

beforeAll(async () => {
  server = await ResourceServer.start()
  other = await ResourceServer.start()
  surroundings = { EventSource, origin: server.origin, otherOrigin: other.origin }
  // Addresses are relative to it where there is one.
  vi.stubGlobal('location', { href: `${server.origin}/page`, origin: server.origin })
})
afterAll(async () => {
  vi.unstubAllGlobals()
  await server.stop()
  await other.stop()
})

describe('the standard, by the names of the web-platform tests', () => {
  const here = standardCases.filter(({ browser }) => !browser)
  for (const standardCase of here) {
    const { file, title, exception } = standardCase
    const test = () => runCase(standardCase, surroundings)
    it.concurrent(`${file || 'beyond them'}: ${title}`, () =>
      exception === undefined ? test() : expect(test()).rejects.toThrow('in place of'))
  }
})

it('is what docs/eventsource.md says, by name', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../../docs/eventsource.md'), 'utf8')
  const [, table = ''] = page.split('## What is held by tests')
  const rows = [...table.matchAll(/^\| `([\w/-]+)` \| (\w[\w ]*) \|/gm)].map(([, name, verdict]) => [
    name,
    verdict,
  ])
  const held = Map.groupBy(
    standardCases.filter(({ file }) => file !== ''),
    ({ file }) => file,
  )
  const verdicts = [...held].map(([name, cases]) => {
    const count = cases.filter(({ exception }) => exception).length
    return [name, count === 0 ? 'passes' : count === cases.length ? 'does not' : 'in part']
  })
  const elsewhere = [
    // standard.browser.test.ts
    ['dedicated-worker/eventsource-close2', 'passes'],
    ['eventsource-bfcache', 'passes'],
    ['eventsource-constructor-url-multi-window', 'passes'],
    ['eventsource-onmessage-realm', 'passes'],
    ['eventsource-request-cancellation', 'does not'],
    // A proposal.
    ['eventsource-from-readable-stream', 'not there'],
    ['eventsource-from-readable-stream-fetch', 'not there'],
  ]
  expect(rows.toSorted()).toEqual([...verdicts, ...elsewhere].toSorted())
})
