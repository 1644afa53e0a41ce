import type { Topic, TopicPattern } from '@millrace/contract'
import { fitsPattern } from '@millrace/protocol'
import type { Subscriber } from './subscriber.ts'

/** How the messages of a topic are read. */
export interface Reading {
  /** What decodes them; `undefined` for a bare address. */
  readonly topic: Topic | TopicPattern | undefined
  /** Whether they are handed on as they came: another tab decodes them. */
  readonly raw?: boolean | undefined
  /** The topic's params, as the channel reads them; `undefined` where it cannot, which is told with each event. */
  readonly params: unknown
}

/** The way from a topic to those of its subscribers that read it alike. */
export interface Route extends Reading {
  readonly subscribers: Subscriber[]
}

/** The ways from the topic at an address to its subscribers. */
export function routesTo(address: string, subscribers: Iterable<Subscriber>): readonly Route[] {
  const segments = address.split('/')
  const routes: Route[] = []
  for (const subscriber of subscribers) {
    if (!fitsPattern(subscriber.address.split('/'), segments)) continue
    const { topic, raw } = subscriber
    const route = routes.find((route) => route.topic?.channel === topic?.channel && route.raw === raw)
    if (route) route.subscribers.push(subscriber)
    else routes.push({ topic, raw, params: paramsOf(topic, address), subscribers: [subscriber] })
  }
  return routes
}

/** The params of a topic at an address; `undefined` where its channel cannot read them. */
export function paramsOf(topic: Topic | TopicPattern | undefined, address: string): unknown {
  if (topic?.kind === 'topic') return topic.params
  try {
    return topic?.channel.decodeAddress(address)
  } catch {
    return undefined
  }
}
