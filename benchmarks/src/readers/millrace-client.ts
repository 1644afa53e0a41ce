import { createEventClient } from '@millrace/client'
import type { EventOf } from '@millrace/contract'
import type { shop } from '../peers/contract.ts'
import type { Read } from './reader.ts'

type OrderEvent = EventOf<typeof shop.orders>

export const read: Read = (url, take) => {
  const client = createEventClient({ url: `${url}/events` })
  client.subscribe<OrderEvent>('orders/all', (event) => {
    if (event.name === 'placed') take(event.data)
  })
}
