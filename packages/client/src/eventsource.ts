export { ConnectionError, type ConnectionFault } from './connection-error.ts'
export { EventSource } from './eventsource/event-source.ts'
export type {
  EventSourceConstructor,
  EventSourceErrorEvent,
  EventSourceEventMap,
  EventSourceListenerOptions,
} from './eventsource/event-source-interface.ts'
export type { EventSourceOptions } from './eventsource/options.ts'
