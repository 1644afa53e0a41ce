/** One event of a stream, as its blank line dispatched it. */
export interface SseMessage {
  /** The event's name; `message` when its block names none. */
  readonly event: string
  readonly data: string
  /** The stream's last event id after this block, which an earlier block may have set. */
  readonly lastEventId: string
  /** Those fields of this block that `extensionFields` asked for, the last of each name. It inherits nothing. */
  readonly fields: Readonly<Record<string, string>>
  /** `fields.time` as a number, where it is one of 1 or more: out of the whole text it is read several times as fast. */
  readonly time?: number | undefined
}

/** An event, or a block that had an id and no data: it told the position, which need not have moved, and no event was fired. */
export type SseItem = SseMessage | Pick<SseMessage, 'lastEventId'>
