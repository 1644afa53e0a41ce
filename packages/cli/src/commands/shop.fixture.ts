/** The source of a contract, as its users write one. */
export function shopSource({ total = 'z.number()', version = '1.0.0', imports = '' } = {}): string {
  return `import { channel, defineContract, isoDate } from '@millrace/contract'
import * as z from 'zod'
${imports}
/** What the shop tells. */
export const shop = defineContract({
  name: 'shop',
  version: '${version}',
  channels: {
    orders: channel('orders/{orderId}', {
      description: 'One order, from its first day to its last',
      events: { placed: z.object({ total: ${total}, at: isoDate }), shipped: z.object({ carrier: z.string() }) },
    }),
  },
})
`
}

/** A document that cannot all be carried over. */
export const shopDocument = `asyncapi: 3.0.0
info:
  title: Shop
  version: 1.0.0
channels:
  orders:
    address: orders/{orderId}
    parameters:
      orderId: {}
    messages:
      placed:
        payload:
          $ref: ./order.yaml#/Order
      lost:
        payload:
          $ref: '#/components/schemas/Lost'
operations:
  placed:
    action: send
    channel:
      $ref: '#/channels/orders'
`

export const orderDocument = `Order:
  type: object
  description: What a customer bought
  required: [total]
  properties:
    total: { type: number, minimum: 0 }
    at: { type: string, format: date-time }
`
