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
