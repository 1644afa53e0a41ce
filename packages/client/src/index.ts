export type {
  EventOf,
  StateOf,
  StreamEvent,
  Topic,
  TopicPattern,
  Undecoded,
} from '@millrace/contract'
export { type ByeReason, MillraceError, type Problem, type ResetVerdict } from '@millrace/protocol'
export type { BackoffOptions } from './backoff.ts'
export { batches, type EventBatches } from './batches.ts'
export { createEventClient } from './client.ts'
export type { ClientError } from './client-error.ts'
export type { Clock } from './clock.ts'
export { ConnectionError, type ConnectionFault } from './connection-error.ts'
export type { CursorStorage } from './cursor-storage.ts'
export type { EventClient, EventHandlers, Subscribe, SubscribeOptions } from './event-client.ts'
export { EventDataError, type EventDataFault } from './event-data-error.ts'
export { type FirstOptions, first, once } from './first.ts'
export { HandlerError } from './handler-error.ts'
export { type ConnectionListeners, type ConnectionLoss, onConnection } from './on-connection.ts'
export type { EventClientOptions, RequestHeaders, Share } from './options.ts'
export { isReset, type Reset } from './reset.ts'
export { ResetError } from './reset-error.ts'
export { isSnapshot, type Snapshot, type SnapshotOf } from './snapshot.ts'
export type { ConnectionStatus, StatusListener } from './status.ts'
export type { EventIterator, Subscription } from './subscription.ts'
export { toReadableStream } from './to-readable-stream.ts'
