import { memoryLog } from '@millrace/log'
import { controlEvent, parseCursor, problemType, type Verdict } from '@millrace/protocol'
import * as fc from 'fast-check'
import { shop } from '../fixtures/shop.fixture.ts'
import { createEventServer } from '../server.ts'

const names = ['topic', 'topic', 'topic', 'event', 'from', 'last-event-id', 'mode', 'v', 'token', '__proto__']
const values = [
  'orders/1',
  'orders/*',
  'stock/a/b',
  'stock/*/b',
  'orders/%252F',
  'anything',
  'nothing/1',
  ';from=',
  ';events=',
  'earliest',
  'now',
  'e1.2',
  'e1.9',
  'e0.1',
  '0.0',
  'placed',
  ',',
  ';',
  'poll',
  '1',
  '%',
  '%00',
  '%0d%0a',
  '%ff',
  '~',
  '~D800',
  '..',
  '/',
]
const value = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.array(fc.constantFrom(...values), { maxLength: 3 }).map((parts) => parts.join('')),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 10 }) },
)
// Mostly what can be meant, or no stream would ever begin.
const sound = new Map([
  [
    'topic',
    ['orders/1', 'orders/*', 'orders/1;from=e1.2', 'orders/2;events=placed', 'prices/x;from=earliest'],
  ],
  ['event', ['placed']],
  ['from', ['now', 'earliest', 'e1.1', 'e0.1']],
  ['last-event-id', ['', 'e1.1', 'e1.9', 'e0.1', 'lost']],
  ['mode', ['stream', 'poll']],
  ['v', ['1', '2']],
])
const pair = fc
  .constantFrom(...names)
  .chain((name) =>
    fc.tuple(
      fc.constant(name),
      fc.oneof(
        { weight: 6, arbitrary: fc.constantFrom(...(sound.get(name) ?? ['x'])) },
        { weight: 1, arbitrary: value },
      ),
    ),
  )
const pairs = fc.array(pair, { maxLength: 4 })
const query = pairs.map((all) => all.map(([name, text]) => `${name}=${text}`).join('&'))
const body = fc.oneof(
  pairs.map((all) => JSON.stringify(Object.fromEntries(all))),
  fc.json({ maxDepth: 2 }),
  fc.string({ unit: 'binary' }),
)
// What a header can hold.
const headerText = fc
  .oneof(value, fc.constantFrom('e1.2', 'é', 'x'.repeat(300)))
  .map((text) => text.replace(/[^ -~\xa0-\xff]/g, ''))
const request = fc.record({
  method: fc.constantFrom('GET', 'GET', 'GET', 'POST', 'POST', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'),
  path: fc.oneof(
    { weight: 4, arbitrary: fc.constant('/events') },
    fc.constant('/events/orders/3'),
    value.map((text) => `/events/${text}`),
    value.map((text) => `/${text}`),
  ),
  query,
  body,
  headers: fc.record(
    {
      accept: fc.constantFrom('text/event-stream', '*/*', 'text/*', '', 'text/html', 'text/event-stream;q=0'),
      'last-event-id': headerText,
      origin: headerText,
    },
    { requiredKeys: [] },
  ),
})

const verdicts: readonly Verdict[] = ['fresh', 'resumed', 'trimmed', 'epoch', 'ahead', 'diverged', 'invalid']
const refusals: readonly number[] = [400, 404, 405, 406, 413]

/**
 * Requests of any kind: each is answered by a stream that begins as one must, or by a refusal that says whose fault it is, and that is never the
 * server's.
 */
export function answerFuzz() {
  const errors: unknown[] = []
  const log = memoryLog({ epoch: 'e1' })
  const events = createEventServer({
    contract: shop,
    log,
    onError: (error) => errors.push(error),
    limits: { connectsPerSecond: Number.POSITIVE_INFINITY },
  })
  const filled = log.append(
    ['1', '2', '3'].map((id) => ({
      topic: `orders/${id}`,
      event: 'placed',
      version: 1,
      time: 0,
      data: '{"total":1}',
    })),
  )
  const property = fc.asyncProperty(request, async ({ method, path, query, body, headers }) => {
    await filled
    const asked = readable(() => {
      const url = new URL(`http://x${path}?${query}`)
      return new Request(url, { method, headers, ...(method === 'POST' ? { body } : {}) })
    })
    if (asked === undefined) return
    const response = await events.fetch(asked)
    const { status } = response
    const type = response.headers.get('content-type') ?? ''
    if (status === 200 && type.startsWith('text/event-stream')) {
      if (method !== 'HEAD') expectOpen(await firstText(response))
    } else if (refusals.includes(status) && type === problemType) {
      const text = await response.text()
      if (method !== 'HEAD' && JSON.parse(text).status !== status)
        throw new Error(`A refusal of ${status} that says ${text}`)
    } else if (!(status === 204 && method === 'OPTIONS')) {
      throw new Error(`Answered with ${status} ${type} ${await response.text()}`)
    }
    if (errors.length > 0) throw new Error(`The server is at fault: ${String(errors.splice(0)[0])}`)
  })
  return {
    name: 'answers',
    title:
      'any request for a stream: it is answered by one, or by a refusal that is not the fault of the server',
    property,
    /** Nothing may be left of all of them. */
    async finish(): Promise<void> {
      await new Promise((resolve) => setTimeout(resolve, 0))
      const { connections } = events.stats()
      await events.close({ drain: 0 })
      if (connections > 0) throw new Error(`${connections} streams were left open`)
    },
  }
}

// What the platform itself lets nobody ask.
function readable(make: () => Request): Request | undefined {
  try {
    return make()
  } catch {
    return undefined
  }
}

async function firstText(response: Response): Promise<string> {
  const reader = response.body?.getReader()
  const { value } = (await reader?.read()) ?? {}
  await reader?.cancel()
  return new TextDecoder().decode(value)
}

function expectOpen(text: string): void {
  const [, id = '', event, data = '{}'] =
    /^retry: \d+\nid: (.*)\nevent: (.*)\ndata: (.*)\n\n/.exec(text) ?? []
  const { verdict } = JSON.parse(data) as { verdict?: Verdict }
  const isOpen = event === controlEvent.open && verdicts.some((each) => each === verdict)
  if (!isOpen || parseCursor(id) === undefined) {
    throw new Error(`A stream that begins with ${JSON.stringify(text)}`)
  }
}
