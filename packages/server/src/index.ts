export type { AskedTopic, ChannelKey } from './asked-topic.ts'
export type {
  Authorization,
  Authorize,
  AuthorizeAnswer,
  AuthorizeQuestion,
  AuthorizeRefusal,
} from './authorization.ts'
export type { AuthorizeRequest } from './authorize-request.ts'
export type { TrustProxy } from './client-address.ts'
export type { Clock } from './clock.ts'
export type { CorsOptions } from './cors.ts'
export { EventTooLargeError, PublishError, ServerClosedError } from './errors.ts'
export type { HistogramStats } from './histogram.ts'
export type { EventInFlight, Instrumentation, Outcome } from './instrumentation.ts'
export type { Logger } from './logger.ts'
export type { HistogramName } from './meter.ts'
export type { EventServerOptions, Limits } from './options.ts'
export type { NewEvent, Published, PublishItem, PublishItems, PublishOptions } from './publication.ts'
export type { RevokeFilter, SessionDescription } from './revoke-filter.ts'
export { createEventServer, type EventServer } from './server.ts'
export type { CloseCause, LogOperation, RefusalCause, ServerStats } from './server-stats.ts'
export type { SnapshotProvider, SnapshotRequest, StateOf } from './snapshots.ts'
export type { Source, SourceOptions, SourceRequest } from './sources.ts'
