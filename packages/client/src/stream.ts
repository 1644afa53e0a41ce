export { ConnectionError, type ConnectionFault } from './connection-error.ts'
export { EventDataError, type EventDataFault } from './event-data-error.ts'
export type { LinkOptions } from './options.ts'
export { type EventStreamIterator, type StreamEventsOptions, streamEvents } from './stream/stream-events.ts'
