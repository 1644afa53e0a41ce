import { type ProxyName, proxyProgram, startProxy } from '@millrace/test-programs'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { millrace } from '../../terminal.fixture.ts'
import { serveShop } from './stream-server.fixture.ts'

const look = (port: number, ...args: string[]) =>
  millrace(process.cwd(), 'doctor', `http://127.0.0.1:${port}/events`, '--topic', 'orders/42', ...args)

/** Looks again until it is so: on a busy machine everything is late now and then, and the doctor is right to say so. */
const eventually = (lookOnce: () => Promise<void>) => vi.waitFor(lookOnce, { timeout: 60_000, interval: 10 })

describe.skipIf(proxyProgram('nginx') === '')('behind nginx', () => {
  const unheard = 'proxy_ignore_headers X-Accel-Buffering;'
  const compressing = 'gzip on; gzip_types text/event-stream; gzip_min_length 0;'

  it.each([
    ['as it is', '', 0, /All is well/],
    // What comes in chunks is passed on as it comes, buffered or not.
    ['that buffers', unheard, 0, /All is well/],
    // What comes by HTTP/1.0 is kept until there is a buffer full, and the head with it.
    ['that buffers, and speaks HTTP/1.0', `${unheard} proxy_http_version 1.0;`, 1, /fault {2}buffering /],
    ['that buffers and compresses', `${unheard} ${compressing}`, 1, /fault {2}buffering /],
    ['that compresses', compressing, 0, /warn {3}content-encoding .*gzip/],
    ['that gives up before a heartbeat', 'proxy_read_timeout 1s;', 1, /fault {2}end .*was cut after \d/],
    ['that does not reach the server', 'proxy_pass http://127.0.0.1:1;', 1, /fault {2}content-type .*502/],
  ])('%s', async (_, directives, code, printed) => {
    const { port } = await serveShop({ heartbeat: directives.includes('read_timeout') ? 10_000 : 300 })
    // Nobody would say that it keeps an answer for ever.
    const patience = directives.includes(unheard) ? ['--seconds', '1'] : []
    const proxy = await startNginx(port, directives)
    await eventually(async () =>
      expect(await look(proxy, ...patience)).toMatchObject({ code, printed: expect.stringMatching(printed) }),
    )
  })
})

describe.skipIf(proxyProgram('haproxy') === '')('behind HAProxy', () => {
  it.each([
    ['as it is', '', /warn {3}first frame .*0\.2 s late/],
    ['that does not wait', 'option http-no-delay', /All is well/],
  ])('%s', async (_, option, printed) => {
    const { port } = await serveShop({ heartbeat: 300 })
    const proxy = await startHaproxy(port, option)
    await eventually(async () =>
      expect(await look(proxy)).toMatchObject({ code: 0, printed: expect.stringMatching(printed) }),
    )
  })
})

function startNginx(target: number, directives: string): Promise<number> {
  const pass = directives.includes('proxy_pass') ? '' : `proxy_pass http://127.0.0.1:${target};`
  const version = directives.includes('http_version') ? '' : 'proxy_http_version 1.1;'
  return start(
    'nginx',
    (port) => `pid nginx.pid; error_log stderr crit; events {}
    http {
      access_log off;
      client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
      server { listen 127.0.0.1:${port}; location /events { ${pass} ${version} proxy_set_header Connection ""; ${directives} } }
    }`,
  )
}

function startHaproxy(target: number, option: string): Promise<number> {
  return start(
    'haproxy',
    (port) => `defaults
      mode http
      timeout connect 5s
      timeout client 60s
      timeout server 60s
      ${option}
    listen events
      bind 127.0.0.1:${port}
      server one 127.0.0.1:${target}
`,
  )
}

/** Starts a proxy until the test is over. */
async function start(name: ProxyName, configure: (port: number) => string): Promise<number> {
  const { port, stop } = await startProxy(name, configure)
  onTestFinished(stop)
  return port
}
