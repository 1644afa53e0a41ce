import type { Settings, Share } from '../options.ts'
import { requireArgument } from '../require-argument.ts'
import { type Environment, type ShareChannel, type ShareLocks, systemEnvironment } from './environment.ts'
import { nameGroup } from './group-name.ts'
import { SharedConnection } from './shared-connection.ts'

/** Settings of what tabs share. */
export interface AcrossTabsOptions {
  /**
   * Whose stream it is: the id of the user who is logged in, with the tenant where there are several. Only tabs of the same identity
   * share. Needed where `headers` is a function, and wherever a cookie says who it is: without it, tabs of equal `headers` share.
   */
  readonly identity?: string
  /**
   * How long the tab that streams for all may leave the others without an answer before another one takes its place, in
   * milliseconds. That a tab is closed or has crashed is noticed at once; this is for one that is frozen. @default 600
   */
  readonly patience?: number
  /** @default navigator.locks */
  readonly locks?: ShareLocks
  /** Opens the channel of a name. @default a `BroadcastChannel` */
  readonly openChannel?: (name: string) => ShareChannel
}

/**
 * One stream for all tabs: `createEventClient({ url, share: acrossTabs({ identity: user.id }) })`. One of them holds it and hands the
 * others what is theirs; when it is gone, the next goes on where each of them stands. Where the runtime cannot do that, `onError` is
 * told with a `ShareError`, and the client has a stream of its own.
 */
export function acrossTabs({ identity, patience = 600, locks, openChannel }: AcrossTabsOptions = {}): Share {
  requireArgument(patience > 0, 'patience must be a number of milliseconds')
  return (settings: Settings, status) => {
    requireArgument(
      identity !== undefined || typeof settings.headers !== 'function',
      'acrossTabs needs an identity where headers is a function: nothing else tells whose stream it is',
    )
    return new SharedConnection(settings, status, patience, async () => ({
      environment: fillIn({ locks, openChannel }),
      name: await nameGroup(settings, identity),
    }))
  }
}

function fillIn({
  locks,
  openChannel,
}: { readonly [Part in keyof Environment]: Environment[Part] | undefined }): Environment {
  return locks && openChannel
    ? { locks, openChannel }
    : { ...systemEnvironment(), ...(locks && { locks }), ...(openChannel && { openChannel }) }
}
