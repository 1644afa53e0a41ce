import { describe, expectTypeOf, it } from 'vitest'
import * as z from 'zod'
import { channel, type DataOf, defineContract, type EventNameOf, type EventOf, isoDate } from './index.ts'

type Digit = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9
type Name = `e${0 | 1 | 2}${Digit}${Digit}`

// Each has its own type, so that none can be mistaken for another.
type Events = {
  readonly [N in Name]: z.ZodObject<{
    kind: z.ZodLiteral<N>
    at: typeof isoDate
    lines: z.ZodArray<z.ZodString>
  }>
}

const names = Array.from({ length: 300 }, (_, index) => `e${String(index).padStart(3, '0')}` as Name)
const events = Object.fromEntries(
  names.map((name) => [name, z.object({ kind: z.literal(name), at: isoDate, lines: z.array(z.string()) })]),
) as Events

const large = defineContract({
  name: 'large',
  version: '1.0.0',
  channels: {
    all: channel('all/{id}', { events }),
    some: channel('some', { events: { ...events, other: z.string() } }),
  },
})

describe('a contract with 300 events', () => {
  type Event = EventOf<typeof large.all>

  it('knows each by its name', () => {
    expectTypeOf<EventNameOf<typeof large.all>>().toEqualTypeOf<Name>()
    expectTypeOf<DataOf<typeof large.all, 'e299'>>().toEqualTypeOf<{
      kind: 'e299'
      at: Date
      lines: string[]
    }>()
    expectTypeOf<EventNameOf<typeof large.some>>().toEqualTypeOf<Name | 'other'>()
    // @ts-expect-error: there are 300, from 0
    expectTypeOf<DataOf<typeof large.all, 'e300'>>()
  })

  it('tells them apart', () => {
    const read = (event: Event) => {
      expectTypeOf(event.data.kind).toEqualTypeOf<Name>()
      if (event.name === 'e123') expectTypeOf(event.data.kind).toEqualTypeOf<'e123'>()
      else expectTypeOf(event.data.kind).toEqualTypeOf<Exclude<Name, 'e123'>>()
      // @ts-expect-error: no event has this name
      if (event.name === 'e300') return
    }
    expectTypeOf(read).toBeFunction()
  })

  it('holds no `any`', () => {
    expectTypeOf<Event>().not.toBeAny()
    expectTypeOf<Event['data']>().not.toBeAny()
    expectTypeOf<Event['data']['at']>().toEqualTypeOf<Date>()
    expectTypeOf(large.all({ id: 'x' }).params).toEqualTypeOf<{ readonly id: string }>()
  })
})
