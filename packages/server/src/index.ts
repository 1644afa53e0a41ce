export type {
  Authorization,
  Authorize,
  AuthorizeAnswer,
  AuthorizeQuestion,
  AuthorizeRefusal,
} from './authorize/authorization.ts'
export type { AuthorizeRequest } from './authorize/authorize-request.ts'
export type { RevokeFilter, SessionDescription } from './authorize/revoke-filter.ts'
export type { Clock } from './clock.ts'
export { EventTooLargeError, PublishError, ServerClosedError } from './errors.ts'
export type { EventServerOptions, Limits } from './options.ts'
export type { HandedState } from './publish/handed-state.ts'
export type {
  NewEvent,
  Published,
  PublishItem,
  PublishItems,
  PublishOptions,
  TransactionOptions,
} from './publish/publication.ts'
export type { SnapshotProvider, SnapshotRequest } from './publish/snapshots.ts'
export type { Source, SourceOptions, SourceRequest } from './publish/sources.ts'
export type { AskedTopic, ChannelKey } from './request/asked-topic.ts'
export type { TrustProxy } from './request/client-address.ts'
export type { CorsOptions } from './request/cors.ts'
export { createEventServer, type EventServer } from './server.ts'
export type { HistogramStats } from './telemetry/histogram.ts'
export type { EventInFlight, Instrumentation, Outcome } from './telemetry/instrumentation.ts'
export type { Logger } from './telemetry/logger.ts'
export type { HistogramName } from './telemetry/meter.ts'
export type { CloseCause, LogOperation, RefusalCause, ServerStats } from './telemetry/server-stats.ts'
