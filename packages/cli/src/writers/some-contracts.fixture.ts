import { channel, defineContract, isoDate, type Schema } from '@millrace/contract'
import fc from 'fast-check'
import * as z from 'zod'
import { readContract } from '../contract-reader/read-contract.ts'
import * as shopModule from '../contract-reader/shop.fixture.ts'
import type { ContractModel } from '../model/contract-model.ts'
import { randomEvent } from './random-event.fixture.ts'

/** Contracts of many kinds, to write documents of. */
export const someContracts: Readonly<Record<string, ContractModel>> = {
  shop: modelOf(shopModule.shop, shopModule),
  'one channel, no params': modelOf(
    defineContract({
      name: 'a',
      version: '0.0.1',
      channels: { all: channel('all', { events: { e: z.string() } }) },
    }),
  ),
  'an event called snapshot beside a snapshot': modelOf(
    defineContract({
      name: 'a',
      version: '1.0.0-rc.1',
      channels: {
        all: channel('all/{it}', { events: { snapshot: z.null() }, snapshot: z.object({ at: isoDate }) }),
      },
    }),
  ),
  'fifty events of all kinds': modelOf(
    defineContract({
      name: 'many',
      version: '1.0.0',
      channels: { all: channel('all', { events: randomEvents(50) }) },
    }),
  ),
}

/** What people write into a contract when they do not think of where it will be shown. */
export const hostileText = `</script><script>alert(1)</script> "' & <img src=x onerror=alert(2)> | \`a|b\` *x* \n\n# not a heading\n--- ]]> {{x}}`

export const hostileContract: ContractModel = modelOf(
  defineContract({
    name: 'hostile',
    version: '1.0.0',
    title: hostileText,
    description: hostileText,
    channels: {
      "<b>'key'</b>": channel('all/{it}', {
        description: hostileText,
        params: { it: z.enum(["<i>'", '"|`']).describe(hostileText) },
        events: {
          e: z
            .object({
              [hostileText]: z
                .string()
                .describe(hostileText)
                .meta({ examples: [hostileText] }),
              shared: z
                .object({ a: z.literal(hostileText) })
                .meta({ id: 'Shared', title: hostileText, description: hostileText }),
              pattern: z.string().regex(/^<b>|`$/),
              standard: z.string().default(hostileText),
            })
            .meta({ title: hostileText, description: hostileText }),
        },
      }),
    },
  }),
)

function modelOf(
  contract: Parameters<typeof readContract>[0],
  exports: Record<string, unknown> = {},
): ContractModel {
  const { model, problems } = readContract(contract, { file: 'a.ts', exports })
  if (model === undefined) throw new Error(JSON.stringify(problems))
  return model
}

function randomEvents(count: number): Record<string, Schema> {
  const samples = fc.sample(randomEvent, { seed: 23, numRuns: count })
  return Object.fromEntries(samples.map(({ schema }, index) => [`event-${index}`, schema]))
}
