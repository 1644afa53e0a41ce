import type { FileEvent } from '@millrace/sample-contracts'

/** An event of one file, before it has an address. */
export type FollowedEvent = NameAndData<FileEvent>

type NameAndData<Event> = Event extends FileEvent ? Pick<Event, 'name' | 'data'> : never

/** Takes events in order. Nothing more is read until it resolves, so a slow log slows the reading down. */
export type PublishFollowed = (events: readonly FollowedEvent[]) => Promise<void>
