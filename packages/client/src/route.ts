import { fitsPattern } from '@millrace/protocol'
import type { Subscriber } from './subscriber.ts'

/** Whoever events are decoded for. */
export interface Addressee {
  readonly subscriber: Pick<Subscriber, 'topic' | 'raw'>
  /** The topic's params, as the subscriber's channel reads them. */
  readonly params?: unknown
}

/** The way from one topic to one of its subscribers. */
export interface Route extends Addressee {
  readonly subscriber: Subscriber
}

/** The subscribers of the topic at an address, each with its params. */
export function routesTo(address: string, subscribers: Iterable<Subscriber>): readonly Route[] {
  const segments = address.split('/')
  return [...subscribers]
    .filter((subscriber) => fitsPattern(subscriber.address.split('/'), segments))
    .map((subscriber) => {
      const { topic } = subscriber
      if (topic?.kind === 'topic') return { subscriber, params: topic.params }
      try {
        return { subscriber, params: topic?.channel.decodeAddress(address) }
      } catch {
        // Told with each event from there.
        return { subscriber }
      }
    })
}
