import { channel, defineContract, type Topic } from '@millrace/contract'
import * as z from 'zod'

const n = z.object({ n: z.int(), fill: z.string().optional() })

export const shop = defineContract({
  name: 'shop',
  version: '1.0.0',
  channels: {
    orders: channel('orders/{orderId}', {
      params: { orderId: z.string() },
      events: { placed: n, noted: n },
    }),
    stock: channel('stock/{item}', {
      params: { item: z.string() },
      events: { counted: n },
    }),
    carts: channel('carts/{cart}', {
      params: { cart: z.string() },
      events: { changed: n },
      snapshot: z.object({ n: z.int(), total: z.int() }),
    }),
  },
})

/** The topics that there are. */
export const addresses = ['orders/1', 'orders/2', 'stock/1', 'carts/1'] as const

/** Whether a topic has a state. */
export const hasState = (address: string): boolean => address.startsWith('carts/') && !address.includes('*')

/** What the events of an address are called that a form with names asks for. */
export const namesOf = (address: string): 'placed' | 'counted' | 'changed' =>
  address.startsWith('stock') ? 'counted' : address.startsWith('carts') ? 'changed' : 'placed'

/** The topic at an address. */
export function topicAt(address: string): Topic {
  const [family, own = ''] = address.split('/')
  if (family === 'stock') return shop.stock({ item: own })
  return family === 'carts' ? shop.carts({ cart: own }) : shop.orders({ orderId: own })
}

/** Data that is no JSON. */
export const malformed = '{"n":'

/** An event that no contract has. */
export const unknownEvent = 'vanished'
