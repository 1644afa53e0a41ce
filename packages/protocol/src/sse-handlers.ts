/** One event of a stream, as its blank line dispatched it. */
export interface SseMessage {
  /** The event's name; `message` when its block names none. */
  readonly event: string
  readonly data: string
  /** The stream's last event id after this block, which an earlier block may have set. */
  readonly lastEventId: string
  /** Those fields of this block that `extensionFields` asked for, the last of each name. It inherits nothing. */
  readonly fields: Readonly<Record<string, string>>
}

/** What a parser calls, synchronously and in the order of the stream. Each may stop the parser. */
export interface SseHandlers {
  message(message: SseMessage): void
  /** A block had an id and no data: it told the position, which need not have moved, and no event was fired. */
  id?(lastEventId: string): void
  /** The reconnection time, at most `Number.MAX_SAFE_INTEGER`. Called at its line, not at the blank line. */
  retry?(milliseconds: number): void
}
