import type { ConnectionError } from '../connection-error.ts'
import type { EventSourceErrorEvent } from './event-source-interface.ts'

/** The event `error`, which in a browser's own source says nothing of its cause. */
export class ErrorEvent extends Event implements EventSourceErrorEvent {
  readonly error: ConnectionError

  constructor(error: ConnectionError) {
    super('error')
    this.error = error
  }
}
