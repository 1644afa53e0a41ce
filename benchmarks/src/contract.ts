import { channel, isoDate } from '@millrace/contract'
import * as z from 'zod'
import { measure } from './measure.ts'

// What encoding and decoding an event cost beside bare JSON, for the two kinds of events there are: with and without a codec.

const plain = z.object({
  id: z.string(),
  status: z.enum(['open', 'paid', 'shipped']),
  total: z.number(),
  currency: z.string(),
  items: z.int(),
  customer: z.string(),
  express: z.boolean(),
  note: z.nullable(z.string()),
  city: z.string(),
  weight: z.number(),
})
const dated = z.object({ ...plain.shape, at: isoDate })

const data = {
  id: '0d9b2a8e-6a55-4c39-9f0c-2f1f6c7a3b11',
  status: 'paid',
  total: 349.5,
  currency: 'EUR',
  items: 3,
  customer: 'u_7719',
  express: false,
  note: null,
  city: 'Rotterdam',
  weight: 12.25,
} as const

const { events } = channel('orders', { events: { plain, dated } })['~channel']

for (const [name, schema, value] of [
  ['plain', plain, data],
  ['dated', dated, { ...data, at: new Date(1_763_683_200_000) }],
] as const) {
  const event = events[name]
  if (event === undefined) throw new Error(`there is no ${name}`)
  const text = JSON.stringify(event.encode(value))
  const results = measure([
    { name: 'JSON.parse', run: () => JSON.parse(text) },
    { name: "Zod's own decode", run: () => z.decode(schema as z.ZodType, JSON.parse(text)) },
    { name: 'decode', run: () => event.decode(JSON.parse(text), 1) },
    { name: 'JSON.stringify', run: () => JSON.stringify(value) },
    { name: "Zod's own encode", run: () => JSON.stringify(z.encode(schema as z.ZodType, value)) },
    { name: 'encode', run: () => JSON.stringify(event.encode(value)) },
  ])
  console.log(`\n${name}: ${Object.keys(value).length} fields, ${text.length} characters`)
  for (const [candidate, time] of results) {
    const base = results.get(
      candidate.includes('ncode') || candidate.includes('stringify') ? 'JSON.stringify' : 'JSON.parse',
    )
    console.log(
      `  ${candidate.padEnd(18)} ${time.toFixed(0).padStart(6)} ns  ${(time / (base ?? time)).toFixed(2)} ×`,
    )
  }
}
