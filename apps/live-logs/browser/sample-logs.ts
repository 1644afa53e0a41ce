/** Lines that are written at once to a file of this name. */
export interface SampleLines {
  readonly name: string
  readonly lines: readonly string[]
}

const agents = [
  'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15',
  'curl/8.16.0',
]
const paths = [
  'GET /products/walnut-desk 200 18211',
  'GET /api/cart 200 512',
  'POST /api/cart/items 201 164',
  'GET /assets/app-8c1f.css 304 0',
  'GET /search?q=oak+shelf 200 9120',
  'GET /favicon.ico 404 153',
  'POST /api/checkout 200 988',
  'GET /api/orders/10482 200 734',
  'GET /health 200 2',
]
const messages = [
  ['info', 'order placed', '"orderId":10482,"total":349.5'],
  ['info', 'payment captured', '"orderId":10482,"provider":"adyen","ms":212'],
  ['debug', 'cache hit', '"key":"product:walnut-desk","ageMs":4210'],
  ['info', 'mail queued', '"template":"order-confirmation","to":"m***@example.org"'],
  ['warn', 'slow query', '"table":"stock_moves","ms":1840,"rows":20412'],
  ['debug', 'session refreshed', '"userId":"u_7719"'],
  ['info', 'cart updated', '"userId":"u_2204","items":3'],
] as const
const trace = [
  'StockServiceError: reservation 7f3a timed out after 5000 ms',
  '    at reserve (/srv/shop/stock/reserve.ts:88:11)',
  '    at async placeOrder (/srv/shop/orders/place-order.ts:41:22)',
  '    at async handle (/srv/shop/http/router.ts:126:5)',
]

export const sampleNames = ['nginx/access.log', 'shop.log', 'worker.log'] as const

/** A shop on a busy evening: its web server, its application, its worker. Each call gives what happens next. */
export function createSampleLogs(): (time: number) => SampleLines {
  const random = createRandom(7)
  let step = 0
  return (time) => {
    step += 1
    if (step % 41 === 17) return { name: 'nginx/access.log', lines: [upstreamFailure(time)] }
    if (step % 41 === 18) {
      const line = `${stamp(time)} ERROR [worker-2] job reserve-stock failed, attempt 1 of 5`
      return { name: 'worker.log', lines: [line, ...trace] }
    }
    const kind = random()
    if (kind < 0.45) return { name: 'nginx/access.log', lines: [accessLine(time, random)] }
    if (kind < 0.8) return { name: 'shop.log', lines: [shopLine(time, random)] }
    return { name: 'worker.log', lines: [workerLine(time, random)] }
  }
}

function accessLine(time: number, random: () => number): string {
  const [method, path, status, bytes] = pick(paths, random).split(' ')
  const address = `203.0.113.${Math.floor(random() * 80) + 10}`
  return `${address} - - [${clf(time)}] "${method} ${path} HTTP/2.0" ${status} ${bytes} "-" "${pick(agents, random)}"`
}

function upstreamFailure(time: number): string {
  return `203.0.113.24 - - [${clf(time)}] "POST /api/checkout HTTP/2.0" 502 157 "https://shop.example/cart" "${agents[0]}"`
}

function shopLine(time: number, random: () => number): string {
  const [level, message, rest] = pick(messages, random)
  const request = Math.floor(random() * 0xffffff)
    .toString(16)
    .padStart(6, '0')
  return `{"level":"${level}","time":${Math.round(time)},"msg":"${message}",${rest},"req":"${request}"}`
}

function workerLine(time: number, random: () => number): string {
  const job = Math.floor(random() * 900) + 100
  const line = pick(
    [
      `INFO  [worker-1] job ${job} send-mail done in ${Math.floor(random() * 300)} ms`,
      `INFO  [worker-2] job ${job} resize-image done in ${Math.floor(random() * 900)} ms`,
      `WARN  [worker-1] queue depth 412, above the soft limit of 400`,
      `DEBUG [worker-2] heartbeat, 3 jobs in flight`,
    ],
    random,
  )
  return `${stamp(time)} ${line}`
}

function stamp(time: number): string {
  return new Date(time).toISOString()
}

function clf(time: number): string {
  const [, day, month, year, clock] =
    /(\d\d) (\w{3}) (\d{4}) ([\d:]{8})/.exec(new Date(time).toUTCString()) ?? []
  return `${day}/${month}/${year}:${clock} +0000`
}

function pick<Item>(items: readonly Item[], random: () => number): Item {
  return items[Math.floor(random() * items.length)] as Item
}

/** Numbers that look random and are the same each time (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
