import type { ConnectionError } from './connection-error.ts'
import type { EventDataError } from './event-data-error.ts'
import type { HandlerError } from './handler-error.ts'
import type { ResetError } from './reset-error.ts'
import type { ShareError } from './share/share-error.ts'
import type { StorageError } from './storage/storage-error.ts'

/** What `onError` is told. `code` discriminates at run time, or each class's `isInstance`. */
export type ClientError =
  | ConnectionError
  | EventDataError
  | HandlerError
  | ResetError
  | ShareError
  | StorageError
