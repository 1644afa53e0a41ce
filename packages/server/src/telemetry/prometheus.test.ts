import { createServer } from 'node:http'
import { describe, expect, it } from 'vitest'
import { openStream } from '../fixtures/open-stream.fixture.ts'
import { listen, prepare, serve } from '../fixtures/serve.fixture.ts'
import { toNodeHandler } from '../node.ts'
import { type PrometheusOptions, prometheusHandler } from '../prometheus.ts'
import { metrics } from './metrics.ts'
import { escapeHelp, escapeLabel } from './prometheus-text.ts'

const openMetrics = 'application/openmetrics-text; version=1.0.0; charset=utf-8'
const plainText = 'text/plain; version=0.0.4; charset=utf-8'

async function serveMetrics(options?: PrometheusOptions) {
  const served = await serve()
  const port = await listen(createServer(toNodeHandler(prometheusHandler(served.events, options))))
  const scrape = async (accept?: string, method = 'GET') => {
    const headers: Record<string, string> = accept === undefined ? {} : { accept }
    const response = await fetch(`http://127.0.0.1:${port}/metrics`, { method, headers })
    return { ...read(await response.text()), response, type: response.headers.get('content-type') }
  }
  return { ...served, scrape }
}

/** Reads a page, and finds fault with whatever does not fit the grammar. */
function read(text: string) {
  const types = new Map<string, string>()
  const samples = new Map<string, number>()
  const label = String.raw`[a-zA-Z_]\w*="(?:[^"\\\n]|\\[\\"n])*"`
  const sample = new RegExp(
    String.raw`^([a-zA-Z_:][\w:]*(?:\{${label}(?:,${label})*\})?) (-?[\d.]+(?:e[+-]\d+)?)$`,
  )
  const lines = text.split('\n')
  if (text !== '') expect(lines.pop()).toBe('')
  for (const line of lines) {
    if (line === '' || line === '# EOF') continue
    const type = /^# TYPE (\w+) (counter|gauge|histogram)$/.exec(line)
    const found = sample.exec(line)
    if (type !== null) {
      expect(types.has(type[1] as string)).toBe(false)
      types.set(type[1] as string, type[2] as string)
    } else if (found !== null) {
      expect(samples.has(found[1] as string)).toBe(false)
      samples.set(found[1] as string, Number(found[2]))
    } else expect(line).toMatch(/^# (HELP|UNIT) \w+ \S/)
  }
  return { text, types, samples }
}

describe('a scrape', () => {
  it('has what has happened', async () => {
    const { scrape, url, place } = await serveMetrics()
    const streams = await Promise.all([1, 2].map(() => openStream(url('?topic=orders/1'))))
    await place('1', 1, 2, 3)
    for (const stream of streams) await stream.take(4)
    expect((await openStream(url('?topic=nowhere'))).status).toBe(404)
    const { samples, types, type } = await scrape()
    expect(type).toBe(plainText)
    expect(types.size).toBe(metrics.length)
    expect(types.get('millrace_events_delivered_total')).toBe('counter')
    expect(Object.fromEntries(samples)).toMatchObject({
      millrace_connections_active: 2,
      millrace_connections_opened_total: 2,
      millrace_subscriptions_active: 2,
      millrace_events_encoded_total: 3,
      millrace_events_delivered_total: 6,
      'millrace_events_published_total{channel="orders/{orderId}"}': 3,
      'millrace_refusals_total{reason="request"}': 1,
      'millrace_resumes_total{verdict="fresh"}': 2,
      'millrace_connections_closed_total{reason="left"}': 0,
    })
    expect(samples.get('millrace_socket_sent_bytes_total')).toBeGreaterThan(0)
  })

  it('has buckets that add up', async () => {
    const { scrape, url, place } = await serveMetrics()
    await place('1', 1, 2, 3, 4, 5)
    for (const offset of [0, 3, 5])
      await (await openStream(url(`/orders/1?last-event-id=e1.${offset}`))).next()
    const { samples } = await scrape()
    const buckets = [...samples].filter(([name]) => name.startsWith('millrace_replay_depth_bucket'))
    expect(buckets.map(([name, value]) => [/le="(.*)"/.exec(name)?.[1], value])).toEqual([
      ['0', 1],
      ['1', 1],
      ['10', 3],
      ['100', 3],
      ['1000', 3],
      ['10000', 3],
      ['100000', 3],
      ['1000000', 3],
      ['+Inf', 3],
    ])
    expect(samples.get('millrace_replay_depth_sum')).toBe(7)
    expect(samples.get('millrace_replay_depth_count')).toBe(3)
  })

  it('is OpenMetrics for those who would rather have it', async () => {
    const { scrape } = await serveMetrics()
    const { text, types, samples, type } = await scrape('application/openmetrics-text')
    expect(type).toBe(openMetrics)
    expect(text.endsWith('\n# EOF\n')).toBe(true)
    expect(text.match(/# EOF/g)).toHaveLength(1)
    expect(types.get('millrace_events_delivered')).toBe('counter')
    expect(samples.has('millrace_events_delivered_total')).toBe(true)
    expect(text).toContain('# UNIT millrace_delivery_lag_seconds seconds\n')
    expect(text).toContain('# UNIT millrace_socket_sent_bytes bytes\n')
    expect(samples.has('millrace_delivery_lag_seconds_bucket{le="1.0"}')).toBe(true)
  })

  it.each([
    [undefined, plainText],
    ['*/*', plainText],
    ['text/plain', plainText],
    ['application/json', plainText],
    ['application/openmetrics-text', openMetrics],
    ['application/openmetrics-text; version=1.0.0; charset=utf-8', openMetrics],
    ['application/openmetrics-text;version=0.0.1', plainText],
    ['application/openmetrics-text;q=0', plainText],
    ['application/openmetrics-text;q=0.4, text/plain;q=0.5', plainText],
    ['text/plain;version=0.0.4;q=0.3, Application/OpenMetrics-Text;version=1.0.0;q=0.5', openMetrics],
    [
      // What Prometheus 3 sends.
      'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1',
      openMetrics,
    ],
    ['application/openmetrics-text;q=nonsense', plainText],
  ])('for %s is %s', async (accept, expected) => {
    const handle = prometheusHandler(prepare().events)
    const response = await handle(
      new Request('http://x/', { headers: accept === undefined ? {} : { accept } }),
    )
    expect(response.headers.get('content-type')).toBe(expected)
    expect(response.headers.get('vary')).toBe('accept')
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  it('may be asked for its head alone, and cannot be written to', async () => {
    const { scrape } = await serveMetrics()
    const head = await scrape(undefined, 'HEAD')
    expect([head.response.status, head.type, head.text]).toEqual([200, plainText, ''])
    const posted = await scrape(undefined, 'DELETE')
    expect([posted.response.status, posted.response.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
  })
})

describe('labels', () => {
  it('go with every sample, whatever is in them', async () => {
    const { scrape } = await serveMetrics({ labels: { server: 'a"b\\c\nd' } })
    for (const accept of ['text/plain', 'application/openmetrics-text']) {
      const { samples } = await scrape(accept)
      for (const name of samples.keys()) expect(name).toContain(String.raw`server="a\"b\\c\nd"`)
    }
  })

  it.each(['le', 'reason', 'verdict', 'channel', 'operation', '__name__', '1a', 'a-b', '', 'a b'])(
    'are not called "%s"',
    (name) => {
      expect(() => prometheusHandler(prepare().events, { labels: { [name]: 'x' } })).toThrow(TypeError)
    },
  )

  it('are texts', () => {
    const labels = { server: 1 as unknown as string }
    expect(() => prometheusHandler(prepare().events, { labels })).toThrow(TypeError)
  })
})

it('what would end a text is escaped', () => {
  expect(escapeLabel('a\\n"\n')).toBe(String.raw`a\\n\"\n`)
  expect(escapeHelp('a\\"\n', 'text')).toBe(String.raw`a\\"\n`)
  expect(escapeHelp('a\\"\n', 'openmetrics')).toBe(String.raw`a\\\"\n`)
})
