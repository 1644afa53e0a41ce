import type { Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { shop } from '../fixtures/shop.fixture.ts'
import type { EventServer } from '../server.ts'

/** Publishes to `orders/1` until the buffers of the system are full on the way to a client that reads nothing. */
export async function fillSocket(events: EventServer, socket: Socket): Promise<void> {
  const data = { total: 0, note: 'x'.repeat(100_000) }
  for (let turnsWithoutProgress = 0; turnsWithoutProgress < 20; turnsWithoutProgress += 1) {
    const before = socket.bytesWritten
    await events.publish(shop.orders({ orderId: '1' }), 'placed', data)
    await turn()
    if (socket.writableLength === 0 || socket.bytesWritten !== before) turnsWithoutProgress = 0
  }
}
