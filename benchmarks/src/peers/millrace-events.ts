import { type Log, memoryLog } from '@millrace/log'
import { createEventServer, type EventServer } from '@millrace/server'
import type { BenchmarkEvent } from '../event.ts'
import { shop } from './contract.ts'
import type { Peer, PeerOptions } from './peer.ts'

/** Our server and what a peer needs of it, whatever it is served by. */
export interface MillraceEvents extends Pick<Peer, 'publish' | 'publishTo' | 'cursor' | 'counters'> {
  readonly events: EventServer
}

const topicOf = (customer: string) => shop.orders({ customer })
type OrderTopic = ReturnType<typeof topicOf>

/** The topic of every connection but those that ask for one of their own. */
export const sharedTopic = 'all'

export function createMillraceEvents({ heartbeat }: PeerOptions): MillraceEvents {
  let reads = 0
  const log = counted(memoryLog(), () => {
    reads += 1
  })
  const events = createEventServer({ contract: shop, log, heartbeat, limits: { connections: 20_000 } })
  const topics = new Map<number, OrderTopic>()
  const everybody = topicOf(sharedTopic)
  let last = ''

  const send = (topic: OrderTopic, event: BenchmarkEvent) => {
    events.publish(topic, 'placed', event).then(({ id }) => {
      last = id
    }, fail)
  }
  return {
    events,
    publish: (event) => send(everybody, event),
    publishTo(number, event) {
      let topic = topics.get(number)
      if (topic === undefined) {
        topic = topicOf(String(number))
        topics.set(number, topic)
      }
      send(topic, event)
    },
    cursor: () => last,
    counters: () => ({ logReads: reads }),
  }
}

function counted(log: Log, onRead: () => void): Log {
  return {
    append: (records) => log.append(records),
    read(after, limit) {
      onRead()
      return log.read(after, limit)
    },
    tail: (after, observer) => log.tail(after, observer),
    bounds: () => log.bounds(),
    close: () => log.close(),
  }
}

// A benchmark that goes on after an error measures something else.
function fail(error: unknown): never {
  console.error(error)
  process.exit(1)
}
