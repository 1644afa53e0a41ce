// The server, as a user has it installed: publish, and stream to a plain fetch over loopback.
const assert = require('node:assert/strict')
const http = require('node:http')

exports.exercise = async ({ contract, log, server, node, zod: { z } }) => {
  const shop = contract.defineContract({
    name: 'shop',
    version: '1.0.0',
    channels: {
      orders: contract.channel('orders/{orderId}', {
        params: { orderId: z.string() },
        events: { placed: z.object({ total: z.number(), at: contract.isoDate }) },
      }),
    },
  })
  const events = server.createEventServer({ contract: shop, log: log.memoryLog() })
  const listener = http.createServer(node.toNodeListener(events))
  await new Promise((resolve) => listener.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${listener.address().port}/events?topic=orders/42`

  const response = await fetch(url)
  assert.equal(response.status, 200)
  assert.match(response.headers.get('content-type'), /^text\/event-stream/)
  // The socket was taken over from node:http, which stands on what Node does not document.
  assert.equal(response.headers.get('connection'), 'close')
  const { id } = await events.publish(shop.orders({ orderId: '42' }), 'placed', {
    total: 10,
    at: new Date(1763683200000),
  })

  let text = ''
  const decoder = new TextDecoder()
  for await (const chunk of response.body) {
    text += decoder.decode(chunk, { stream: true })
    if (/^data: \{"total":10.*\n\n/m.test(text)) break
  }
  assert.match(text, /^event: placed$/m)
  assert.match(text, /^data: \{"total":10,"at":"2025-11-21T00:00:00\.000Z"\}$/m)
  assert.ok(text.includes(`id: ${id}\n`))

  await events.close()
  listener.closeAllConnections()
  await new Promise((resolve) => listener.close(resolve))
}
