import { followed, type Reading } from '../reading.ts'
import { elementsOf, type Place, within } from '../source/place.ts'

/** Gives the members of a message with its traits merged in. */
export type MessageMember = (name: string) => Place

/**
 * In AsyncAPI 2 a trait overrides the message, as its merge patch says; in 3 the message has the last word. Of several
 * traits the last one counts.
 */
export function withTraits(reading: Reading, message: Place, version: 2 | 3): MessageMember {
  const traits = elementsOf(within(message, 'traits'))
    .map((entry) => followed(reading, entry, 'the trait is left out'))
    .filter((trait): trait is Place => trait !== undefined)
    .reverse()
  const order = version === 2 ? [...traits, message] : [message, ...traits]
  return (name) => {
    const places = order.map((part) => within(part, name))
    return places.find(({ value }) => value !== undefined) ?? within(message, name)
  }
}
