/** What is used of the [Web Locks](https://www.w3.org/TR/web-locks/) of an origin. */
export interface ShareLocks {
  request(
    name: string,
    options: { readonly signal?: AbortSignal; readonly steal?: boolean },
    task: () => Promise<unknown> | undefined,
  ): Promise<unknown>
}

/** What is used of a `BroadcastChannel`. */
export interface ShareChannel {
  postMessage(message: unknown): void
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void
  close(): void
}

/** By what tabs know and reach each other. */
export interface Environment {
  readonly locks: ShareLocks
  /** Opens the channel of a name. */
  readonly openChannel: (name: string) => ShareChannel
}

/** What the runtime has. @throws Error when it lacks something */
export function systemEnvironment(): Environment {
  const { navigator, BroadcastChannel } = globalThis as {
    readonly navigator?: { readonly locks?: ShareLocks }
    readonly BroadcastChannel?: new (name: string) => ShareChannel
  }
  const locks = navigator?.locks
  // Of pages, only those that came over a secure connection have them.
  if (!locks) throw new Error('there are no Web Locks')
  if (!BroadcastChannel) throw new Error('there is no BroadcastChannel')
  return { locks, openChannel: (name) => new BroadcastChannel(name) }
}
