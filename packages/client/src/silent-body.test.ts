import { memoryLog } from '@millrace/log'
import { createEventServer } from '@millrace/server'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Seen, untilState } from './client-harness.fixture.ts'
import { createEventClient, type EventClient } from './index.ts'
import { lineOf, numbers } from './system/lines.fixture.ts'
import { System } from './system.fixture.ts'

// Node's `fetch` ends a body on which nothing came for 300 seconds. Here it does so after one.
const bodyTimeout = 1_000

/** The runtime's own means of its `fetch`, whose module is not to be had. */
interface Agent {
  destroy(): Promise<void>
}
let agent: Agent
let system: System
let client: EventClient
/** The longest time in which no byte came, in milliseconds. */
let longestSilence = 0
const beats = new Seen<number>()
/** Why streams failed, in the runtime's words. */
const ended: unknown[] = []

beforeEach(async () => {
  longestSilence = 0
  beats.items.length = 0
  ended.length = 0
  // Until then there is none.
  await fetch('data:,')
  const own = (globalThis as Record<symbol, unknown>)[Symbol.for('undici.globalDispatcher.1')] as Agent
  const Own = own.constructor as new (options: object) => Agent
  agent = new Own({ bodyTimeout })
})
afterEach(async () => {
  await client.close()
  await agent.destroy()
  await system.stop()
})

async function follow(heartbeat: number) {
  const log = memoryLog()
  system = await System.start(() => createEventServer({ contract: numbers, log, heartbeat, retry: 1 }))
  client = createEventClient({
    url: system.url,
    backoff: { base: 1, floor: 1, cap: 1 },
    async fetch(request) {
      const { body, status, headers } = await fetch(request, { dispatcher: agent } as RequestInit)
      return new Response(body?.pipeThrough(watched()), { status, headers })
    },
  })
  client.onStatus(({ cause }) => {
    const { cause: own } = (cause?.cause ?? {}) as { readonly cause?: { readonly code?: unknown } }
    if (own?.code) ended.push(own.code)
  })
  const seen = new Seen<string>()
  client.subscribe(lineOf('a'), ({ id }) => seen.push(id), { from: 'earliest' })
  await untilState(client, 'open')
  return seen
}

function watched(): TransformStream<Uint8Array, Uint8Array> {
  let last = performance.now()
  return new TransformStream({
    transform(bytes, controller) {
      const now = performance.now()
      longestSilence = Math.max(longestSilence, now - last)
      last = now
      beats.push(now)
      controller.enqueue(bytes)
    },
  })
}

const say = async (number: number) => (await system.events.publish(lineOf('a'), 'said', { number })).id

it('a body that the runtime ends because it was silent is one that was cut: nothing is lost', async () => {
  const seen = await follow(60_000)
  const ids = [await say(1)]
  await seen.count(1)
  const { cause } = await untilState(client, 'waiting')
  expect([cause?.reason, cause?.final]).toEqual(['network', false])
  expect(ended).toEqual(['UND_ERR_BODY_TIMEOUT'])
  ids.push(await say(2))
  expect(await seen.count(2)).toEqual(ids)
})

it('heartbeats keep the runtime from it, however long nothing happens', async () => {
  const seen = await follow(200)
  // Longer than it would wait.
  const begun = performance.now()
  while (performance.now() - begun < 1.3 * bodyTimeout) await beats.count(beats.items.length + 1)
  const ids = [await say(1)]
  expect(await seen.count(1)).toEqual(ids)
  // Where this process itself had no processor for that long, it would be right.
  if (longestSilence < bodyTimeout - 100) expect(ended).not.toContain('UND_ERR_BODY_TIMEOUT')
})
