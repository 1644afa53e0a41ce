import { MillraceError } from '@millrace/protocol'

/** Something that cannot be published, for a reason that its types already say. The caller is at fault; nothing was published. */
export class PublishError extends MillraceError {
  constructor(problem: string, options?: ErrorOptions) {
    super('PublishError', 'publish', problem, options)
  }

  /** Whether a value is such an error, also when another copy of this package made it. */
  static override isInstance(value: unknown): value is PublishError {
    return MillraceError.isInstance(value, 'publish')
  }
}

/** An event that is larger than the server takes. Nothing was published. */
export class EventTooLargeError extends MillraceError {
  /** Length of its data as JSON, in bytes. */
  readonly bytes: number
  /** The most that is taken, in bytes. */
  readonly limit: number

  constructor(subject: string, bytes: number, limit: number, name: string) {
    super(
      'EventTooLargeError',
      'event-too-large',
      `${subject}: ${bytes} bytes of data are more than the limit of ${limit}; publish a reference to it, or raise limits.${name}`,
    )
    this.bytes = bytes
    this.limit = limit
  }

  /** Whether a value is such an error, also when another copy of this package made it. */
  static override isInstance(value: unknown): value is EventTooLargeError {
    return MillraceError.isInstance(value, 'event-too-large')
  }
}

/** The server was closed and publishes nothing any more. */
export class ServerClosedError extends MillraceError {
  constructor() {
    super('ServerClosedError', 'server-closed', 'The event server is closed')
  }

  /** Whether a value is such an error, also when another copy of this package made it. */
  static override isInstance(value: unknown): value is ServerClosedError {
    return MillraceError.isInstance(value, 'server-closed')
  }
}
