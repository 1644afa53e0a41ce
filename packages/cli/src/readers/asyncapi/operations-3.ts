import type { Reading } from '../reading.ts'
import { member } from '../source/json-record.ts'
import { elementsOf, identityOf, membersOf, type Place, within } from '../source/place.ts'

/** What is told of messages that a server receives beside those that it sends. */
export const onlyToServer =
  'messages of this operation only go to the server; they become events like the others'

interface Directions {
  readonly sent: Set<string>
  /** Each message, and the operation that receives it. */
  readonly received: Map<string, Place>
}

/** Tells what of the operations a contract does not carry: replies, and the direction of a message. */
export function reportOperations(reading: Reading): void {
  const byChannel = new Map<string, Directions>()
  for (const entry of membersOf(within(reading.root, 'operations'))) {
    const operation = reading.resolver.follow(entry).place
    if (operation === undefined) continue
    const reply = within(operation, 'reply')
    if (reply.value !== undefined) {
      reading.problems.loss(
        reply,
        'that messages answer each other is left out; the replies are events of their channel',
      )
    }
    noteDirections(reading, operation, byChannel)
  }
  for (const { sent, received } of byChannel.values()) {
    for (const [identity, place] of received) {
      if (sent.size === 0 || sent.has(identity)) continue
      reading.problems.warning(place, onlyToServer)
    }
  }
}

function noteDirections(reading: Reading, operation: Place, byChannel: Map<string, Directions>): void {
  const channel = reading.resolver.follow(within(operation, 'channel')).place
  if (channel === undefined) return
  const key = identityOf(channel)
  const directions = byChannel.get(key) ?? { sent: new Set(), received: new Map() }
  byChannel.set(key, directions)
  const listed = elementsOf(within(operation, 'messages'))
  const messages = listed.length > 0 ? listed : membersOf(within(channel, 'messages'))
  for (const message of messages) {
    const target = reading.resolver.follow(message).place
    if (target === undefined) continue
    if (member(operation.value, 'action') === 'receive')
      directions.received.set(identityOf(target), operation)
    else directions.sent.add(identityOf(target))
  }
}
