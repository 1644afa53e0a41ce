import type { EventTypes, StateTypes } from './event.ts'
import type { Carried } from './topic.ts'

declare const wire: unique symbol

/** An event as a subscriber receives it. `name` discriminates `data`. */
export interface StreamEvent<Name extends string = string, Data = unknown, Params = unknown, Wire = unknown> {
  readonly name: Name
  readonly data: Data
  /** The params of the topic that it was published to. */
  readonly params: Params
  /** The address of that topic: `orders/42`. */
  readonly topic: string
  /** The event's place in its log: the cursor to resume from after it. Opaque. */
  readonly id: string
  /** When it was published, in milliseconds since 1970, by the publisher's clock. */
  readonly time: number
  /** The trace that it was published in, where it carries one: a `traceparent` of W3C Trace Context. */
  readonly trace?: string
  /** Carries the type of `data` as JSON; no value at run time. */
  readonly [wire]?: Wire
}

/** The events of a channel or topic, as one union: `EventOf<typeof shop.orders>`, or only some, by name. */
export type EventOf<Source, Name extends EventNameOf<Source> = EventNameOf<Source>> =
  Source extends Carried<infer Params, infer Events, infer _State> ? EventsIn<Params, Events, Name> : never

/** The names of a channel's or topic's events. */
export type EventNameOf<Source> =
  Source extends Carried<infer _Params, infer Events, infer _State> ? keyof Events & string : never

/** The data of one event, in code. */
export type DataOf<Source, Name extends EventNameOf<Source>> = EventOf<Source, Name>['data']

/** The state of a channel's or topic's snapshot, in code; `never` where the contract has none, `unknown` where that is not known. */
export type StateOf<Source> = StateIn<Source, 'data'>

/** The same as it is on the wire: JSON. */
export type WireStateOf<Source> = StateIn<Source, 'wire'>

type StateIn<Source, Side extends keyof StateTypes> =
  Source extends Carried<infer _Params, infer _Events, infer State>
    ? State extends StateTypes
      ? State[Side]
      : State
    : unknown

export type EventsIn<Params, Events extends EventTypes, Name extends PropertyKey = keyof Events> = {
  [K in keyof Events & Name & string]: StreamEvent<K, Events[K]['data'], Params, Events[K]['wire']>
}[keyof Events & Name & string]

/** An event of which nothing is decoded: `data` as the JSON that it is, and no params. */
export type Undecoded<Event> =
  Event extends StreamEvent<infer Name, infer _Data, infer _Params, infer Wire>
    ? Omit<StreamEvent<Name, Wire>, 'params'>
    : never
