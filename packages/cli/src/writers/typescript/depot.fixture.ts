import {
  base64Bytes,
  bigintText,
  channel,
  defineContract,
  isoDate,
  mapEntries,
  setItems,
  urlText,
} from '@millrace/contract'
import * as z from 'zod'

const stop = z.object({
  place: z.string(),
  reached: z.nullable(isoDate),
  get next() {
    return z.array(stop)
  },
})

const outcome = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('delivered'), at: isoDate, proof: base64Bytes }),
  z.object({ kind: z.literal('returned'), reasons: setItems(z.enum(['damaged', 'refused'])) }),
])

/** A contract with every codec there is, within each other. */
export const depot = defineContract({
  name: 'depot',
  version: '1.4.0',
  channels: {
    parcels: channel('parcels/{site}/{number}', {
      description: 'What becomes of one parcel.',
      params: { site: z.enum(['north', 'south']), number: z.coerce.number<string>().int() },
      events: {
        scanned: z
          .object({
            at: isoDate,
            photo: urlText,
            label: base64Bytes,
            grams: bigintText,
            marks: setItems(z.string()),
            visits: mapEntries(z.string(), isoDate),
            counts: mapEntries(bigintText, setItems(isoDate)),
            route: stop,
            times: z.record(z.string(), isoDate),
            span: z.tuple([isoDate, isoDate]),
            due: z.union([isoDate, z.int(), z.null()]),
            hints: z.union([z.boolean(), setItems(urlText)]),
            since: z._default(isoDate, new Date(0)),
          })
          .describe('Somebody read its code.'),
        ended: outcome,
        noted: z.string(),
      },
      snapshot: z.object({ seen: setItems(z.string()) }),
    }),
    load: channel('load', {
      events: { measured: z.object({ at: isoDate, share: z.number() }) },
      deliver: 'latest',
    }),
  },
})
