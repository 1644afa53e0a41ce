import { createEventClient } from '@millrace/client'
import { shop } from '../peers/contract.ts'
import type { Read } from './reader.ts'

export const read: Read = (url, take) => {
  const client = createEventClient({ url: `${url}/events` })
  client.subscribe(shop.orders({ customer: 'all' }), { placed: ({ data }) => take(data) })
}
