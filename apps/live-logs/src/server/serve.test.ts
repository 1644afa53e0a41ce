import { afterEach, expect, it } from 'vitest'
import { explainListenError, type ServeOptions, serve } from './serve.ts'

const open: Awaited<ReturnType<typeof serve>>[] = []
afterEach(() => {
  for (const { server } of open.splice(0)) server.close().closeAllConnections()
})

async function start(change: Partial<ServeOptions> = {}) {
  const served = await serve({
    host: '127.0.0.1',
    port: 0,
    events: (_request, response) => response.end('events'),
    page: (_request, response) => response.end('page'),
    ...change,
  })
  open.push(served)
  return served
}

it('sends events to one and everything else to the other', async () => {
  const { port } = await start()
  const text = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).text()
  expect(
    await Promise.all(['/events', '/events?topic=a', '/events/files/a', '/', '/eventsx'].map(text)),
  ).toEqual(['events', 'events', 'events', 'page', 'page'])
})

it('says what to do about a port that is taken', async () => {
  const { port } = await start()
  const error = await start({ port }).catch((caught: unknown) => caught)
  expect(explainListenError(error, '127.0.0.1', port)).toContain(
    `Port ${port} is taken. Choose another with --port`,
  )
})

it('says what is wrong with a host', async () => {
  const error = await start({ host: 'no-such-host.invalid' }).catch((caught: unknown) => caught)
  expect(explainListenError(error, 'no-such-host.invalid', 0)).toContain('is no address of this machine')
})
