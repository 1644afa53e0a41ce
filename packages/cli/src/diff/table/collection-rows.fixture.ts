import { isoDate, setItems } from '@millrace/contract'
import * as z from 'zod'
import { data, type Row } from './row.fixture.ts'

const card = z.object({ by: z.literal('card'), last4: z.string() })
const cash = z.object({ by: z.literal('cash') })
const transfer = z.object({ by: z.literal('transfer'), iban: z.string() })

/** What may happen to arrays, tuples and unions. */
export const collectionRows: readonly Row[] = [
  data(
    'the items of an array may be null',
    z.object({ tags: z.array(z.string()) }),
    z.object({ tags: z.array(z.string().nullable()) }),
    ['null-added #/properties/tags/items'],
    ['major', 'major', 'patch'],
  ),
  data(
    'one value becomes several',
    z.object({ tag: z.string() }),
    z.object({ tag: z.array(z.string()) }),
    ['type-changed #/properties/tag'],
    ['major', 'major', 'major'],
  ),
  data(
    'an array may have more items',
    z.object({ tags: z.array(z.string()).max(1) }),
    z.object({ tags: z.array(z.string()).max(3) }),
    ['limit-loosened #/properties/tags'],
    ['major', 'none', 'patch'],
  ),
  data(
    'an array must have items',
    z.object({ tags: z.array(z.string()) }),
    z.object({ tags: z.array(z.string()).min(1) }),
    ['limit-tightened #/properties/tags'],
    ['patch', 'none', 'major'],
  ),
  data(
    'an array is a set in code',
    z.object({ tags: z.array(z.string()) }),
    z.object({ tags: setItems(z.string()) }),
    ['codec-changed #/properties/tags'],
    ['none', 'major', 'none'],
  ),
  data(
    'the items of a set are dates in code',
    z.object({ days: setItems(z.iso.datetime()) }),
    z.object({ days: setItems(isoDate) }),
    ['codec-changed #/properties/days/items'],
    ['none', 'major', 'none'],
  ),
  data(
    'a tuple gets an item',
    z.object({ at: z.tuple([z.number(), z.number()]) }),
    z.object({ at: z.tuple([z.number(), z.number(), z.number()]) }),
    ['tuple-item-added #/properties/at/prefixItems/2'],
    ['major', 'major', 'major'],
  ),
  data(
    'a tuple loses an item',
    z.object({ at: z.tuple([z.number(), z.number(), z.number()]) }),
    z.object({ at: z.tuple([z.number(), z.number()]) }),
    ['tuple-item-removed #/properties/at/prefixItems/2'],
    ['major', 'major', 'major'],
  ),
  data(
    'a tuple may have further items',
    z.object({ at: z.tuple([z.number()]) }),
    z.object({ at: z.tuple([z.number()], z.number()) }),
    ['tuple-rest-added #/properties/at/items'],
    ['major', 'major', 'patch'],
  ),
  data(
    'a tuple may have no further items',
    z.object({ at: z.tuple([z.number()], z.number()) }),
    z.object({ at: z.tuple([z.number()]) }),
    ['tuple-rest-removed #/properties/at/items'],
    ['patch', 'major', 'major'],
  ),
  data(
    'an item of a tuple is of another type',
    z.object({ at: z.tuple([z.number(), z.string()]) }),
    z.object({ at: z.tuple([z.number(), z.boolean()]) }),
    ['type-changed #/properties/at/prefixItems/1'],
    ['major', 'major', 'major'],
  ),
  data(
    'a discriminated union gets an option',
    z.object({ paid: z.discriminatedUnion('by', [card, cash]) }),
    z.object({ paid: z.discriminatedUnion('by', [card, cash, transfer]) }),
    ['union-option-added #/properties/paid/oneOf/2'],
    ['major', 'major', 'patch'],
  ),
  data(
    'a discriminated union loses an option',
    z.object({ paid: z.discriminatedUnion('by', [card, cash, transfer]) }),
    z.object({ paid: z.discriminatedUnion('by', [card, cash]) }),
    ['union-option-removed #/properties/paid/oneOf/2'],
    ['patch', 'major', 'major'],
  ),
  data(
    'one kind of object becomes a union with another',
    z.object({ paid: card }),
    z.object({ paid: z.discriminatedUnion('by', [card, transfer]) }),
    ['discriminator-changed #/properties/paid', 'union-option-added #/properties/paid/oneOf/1'],
    ['major', 'major', 'patch'],
  ),
  data(
    'an option of a union gets an optional property',
    z.object({ paid: z.discriminatedUnion('by', [card, cash]) }),
    z.object({ paid: z.discriminatedUnion('by', [card, cash.extend({ change: z.number().optional() })]) }),
    ['optional-property-added #/properties/paid/oneOf/1/properties/change'],
    ['minor', 'minor', 'none'],
  ),
  data(
    'the options of a union stand in another order',
    z.object({ paid: z.discriminatedUnion('by', [card, cash]) }),
    z.object({ paid: z.discriminatedUnion('by', [cash, card]) }),
    ['schema-rewritten'],
    ['none', 'patch', 'none'],
  ),
  data(
    'a union is discriminated',
    z.object({ paid: z.union([card, cash]) }),
    z.object({ paid: z.discriminatedUnion('by', [card, cash]) }),
    ['discriminator-changed #/properties/paid'],
    ['none', 'patch', 'none'],
  ),
  data(
    'an option of a union is of another type',
    z.object({ id: z.union([z.string(), z.number()]) }),
    z.object({ id: z.union([z.string(), z.boolean()]) }),
    ['type-added #/properties/id', 'type-removed #/properties/id'],
    ['major', 'major', 'major'],
  ),
]
