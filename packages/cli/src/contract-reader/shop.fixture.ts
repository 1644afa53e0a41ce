import { bigintText, channel, defineContract, event, isoDate } from '@millrace/contract'
import * as z from 'zod'

/** What people buy with. */
export const currency = z.enum(['EUR', 'USD', 'JPY'])

const money = z.object({ amount: bigintText, currency }).meta({
  id: 'Money',
  description: 'An amount in the smallest unit of its currency.',
  examples: [{ amount: 1999n, currency: 'EUR' }],
})

export const address = z
  .object({
    street: z.string().min(1).max(80),
    city: z
      .string()
      .min(1)
      .meta({ examples: ['Uppsala'] }),
    country: z
      .string()
      .regex(/^[A-Z]{2}$/)
      .describe('ISO 3166 code of two letters'),
  })
  .meta({ title: 'Postal address' })

const line = z.object({
  sku: z
    .string()
    .regex(/^[a-z]{3}-\d{4}$/)
    .describe('What the shelf says'),
  count: z.int().min(1).max(999),
  price: money,
  gift: z.boolean().default(false).describe('Whether it is wrapped'),
})

const payment = z.discriminatedUnion('method', [
  z.object({ method: z.literal('card'), last4: z.string().length(4), authorised: isoDate }),
  z.object({ method: z.literal('invoice'), due: isoDate, reminders: z.array(isoDate) }),
  z.object({ method: z.literal('voucher'), code: z.string() }),
])

const category = z.object({
  name: z.string(),
  since: isoDate,
  get parts() {
    return z.array(category)
  },
})

/** A shop that uses most of what a contract can say. */
export const shop = defineContract({
  name: 'shop',
  version: '2.3.0',
  title: 'The corner shop',
  description:
    'Orders from the first click to the door, and what is on the shelves.\n\nEvery amount is a `Money`.',
  channels: {
    orders: channel('orders/{orderId}', {
      description: 'What happens to one order.',
      params: { orderId: z.uuid().describe('As the receipt has it') },
      events: {
        placed: z
          .object({
            at: isoDate,
            customer: z.object({
              name: z.string().min(1),
              mail: z.email().optional().describe('Only where they want to hear from us'),
            }),
            lines: z.array(line).min(1).max(50),
            payment,
            total: money,
            deliverTo: address,
            billTo: address.optional().describe('Where it is not the same'),
            notes: z.nullable(z.string()),
          })
          .meta({ title: 'Order placed', description: 'Somebody bought something.' }),
        shipped: event(
          z
            .object({ carrier: z.string(), parcel: z.string(), expected: z.nullable(isoDate) })
            .describe('It left the house.'),
          { version: 3, upgrade: { 2: (old) => ({ ...old, expected: null }) } },
        ),
        lost: z
          .object({ parcel: z.string() })
          .meta({ deprecated: true, description: 'Nothing is lost any more; see `shipped`.' }),
        moved: address,
      },
      snapshot: z.object({ state: z.enum(['open', 'shipped', 'done']), payment }),
    }),
    stock: channel('stock/{aisle}/{shelf}', {
      params: { aisle: z.enum(['food', 'tools']), shelf: z.coerce.number<string>().int() },
      events: {
        counted: z.object({
          left: z.int().nonnegative(),
          share: z.number().min(0).max(1),
          by: z.record(z.string(), z.int()),
          range: z.tuple([z.number(), z.number()]),
        }),
        tree: category,
        bare: z.string(),
        odd: z.union([isoDate, z.int(), z.array(isoDate)]),
      },
      deliver: 'latest',
    }),
    news: channel('news', {
      events: { posted: z.object({ text: z.string(), until: z._default(isoDate, new Date(0)) }) },
    }),
  },
})
