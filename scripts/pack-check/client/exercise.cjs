// The client, as a user has it installed, against a server that was written by hand.
const assert = require('node:assert/strict')
const http = require('node:http')

exports.exercise = async ({ createEventClient }) => {
  const server = http.createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
    response.write(
      'retry: 2000\nid: k3f9.1\nevent: millrace.open\ndata: {"verdict":"fresh","heartbeat":15000}\n\n',
    )
    response.write('id: k3f9.2\nevent: placed\ntopic: orders/42\ntime: 1763683200000\ndata: {"total":10}\n\n')
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))

  const client = createEventClient({ url: `http://127.0.0.1:${server.address().port}/events` })
  const event = await new Promise((resolve) => client.subscribe('orders/42', resolve))
  assert.equal(event.name, 'placed')
  assert.equal(event.topic, 'orders/42')
  assert.deepEqual(event.data, { total: 10 })

  await client.close()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
}
