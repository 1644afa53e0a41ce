import { createEventClient } from '@millrace/client'
import { type OrderEvent, shop } from './shop.ts'

const orderId = '0d9b2a8e-6a55-4c39-9f0c-2f1f6c7a3b11'
const client = createEventClient({ url: 'http://localhost:4000/events' })

// A handler for each event. `data.at` is a Date.
const subscription = client.subscribe(
  shop.orders({ orderId }),
  {
    placed: ({ data }) => console.log(`${data.total} at ${data.at.toLocaleTimeString()}`),
    shipped: ({ data }) => console.log(`with ${data.carrier}`),
  },
  { from: 'earliest' },
)

// Only some events, by name: the server sends no others.
client.subscribe(shop.orders({ orderId }), 'placed', ({ data }) => console.log(data.total))

// Every order there is, and the types alone: nothing of the contract at run time, nothing decoded or checked.
client.subscribe<OrderEvent>('orders/*', (event) => console.log(event.name, event.topic))

// All events of a topic. `event.name` discriminates `event.data`.
for await (const event of client.subscribe(shop.orders({ orderId }))) {
  if (event.name === 'millrace.reset') console.log(`events may be missing here: ${event.data.verdict}`)
  else if (event.name === 'shipped') break
}

subscription.close()
await client.close()
