// The client, as a user has it installed, against a server that was written by hand.
const assert = require('node:assert/strict')
const http = require('node:http')

exports.exercise = async (
  { createEventClient, ConnectionError, MillraceError },
  { EventSource, ...more },
) => {
  const server = http.createServer((request, response) => {
    const { searchParams } = new URL(request.url, 'http://server.test')
    if (request.url !== '/plain') assert.deepEqual(searchParams.getAll('topic'), ['orders/42;from=now'])
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
    response.write(
      'retry: 2000\nid: k3f9.1\nevent: millrace.open\ndata: {"verdict":"fresh","heartbeat":15000}\n\n',
    )
    response.write('id: k3f9.2\nevent: placed\ntopic: orders/42\ntime: 1763683200000\ndata: {"total":10}\n\n')
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))

  const client = createEventClient({ url: `http://127.0.0.1:${server.address().port}/events` })
  const iterator = client.subscribe('orders/42')
  const event = await new Promise((resolve) => client.subscribe('orders/42', resolve))
  assert.equal(event.name, 'placed')
  assert.equal(event.topic, 'orders/42')
  assert.equal(event.id, 'k3f9.2')
  assert.deepEqual(event.data, { total: 10 })
  assert.deepEqual((await iterator.next()).value, event)
  assert.equal(client.status.state, 'open')

  await client.close()
  assert.equal((await iterator.next()).done, true)
  assert.equal(client.status.state, 'closed')
  assert.throws(() => client.subscribe('orders/42'), TypeError)
  assert.ok(MillraceError.isInstance(new ConnectionError('network', 'for example')))

  const source = new EventSource(`http://127.0.0.1:${server.address().port}/plain`)
  const message = await new Promise((resolve) => source.addEventListener('placed', resolve))
  assert.deepEqual([message.data, message.lastEventId], ['{"total":10}', 'k3f9.2'])
  source.close()
  // One class for both entries.
  assert.equal(more.ConnectionError, ConnectionError)

  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
}
