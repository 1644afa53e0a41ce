import fc from 'fast-check'
import { expect, it } from 'vitest'
import { TextParcel } from './text-parcel.ts'

it('knows the length that its bytes have, whatever the text', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', 'ß', '€', '😀', '\ud800', '\udc00') }),
      fc.constantFrom(1, 999),
      (text, times) => {
        const parcel = new TextParcel(text.repeat(times))
        expect(parcel.length).toBe(parcel.bytes.byteLength)
      },
    ),
  )
})
