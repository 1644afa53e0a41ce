import type { CursorStorage } from '../cursor-storage.ts'
import { type CursorStore, readStore } from './cursor-store.ts'
import { keepSubscription, type Ledger } from './kept-subscription.ts'

/** Settings of a cursor storage. */
export interface CursorStorageOptions {
  /** Where cursors are kept: `localStorage`, `indexedDbStore()`, or anything with `get` and `set`. */
  readonly store: CursorStore
  /**
   * Whose cursors they are, such as the id of the user: another identity never goes on where this one was. An empty text where there
   * are no users.
   */
  readonly identity: string
  /** The contract, or its name and version. Cursors do not outlive a new major version. */
  readonly contract:
    | { readonly name: string; readonly version: string }
    | { readonly '~contract': { readonly name: string; readonly version: string } }
  /**
   * How many events of a subscription with `ack: 'manual'` may wait for it. Then the client reads no further for any of its
   * subscriptions. @default 1_000
   */
  readonly maxUnacknowledged?: number
  /**
   * How long the store may take to answer, in milliseconds. Then it counts as one that failed, so that nothing waits for it for ever,
   * `client.close()` neither. @default 10_000
   */
  readonly storeTimeout?: number
}

/**
 * Remembers where durable subscriptions stand, beyond the life of the client:
 * `createEventClient({ url, storage: cursorStorage({ store: localStorage, identity: userId, contract: shop }) })`.
 *
 * @throws TypeError for an option that cannot be
 */
export function cursorStorage(options: CursorStorageOptions): CursorStorage {
  const { store, identity, contract, maxUnacknowledged = 1_000, storeTimeout = 10_000 } = options
  if (!contract) throw new TypeError('contract must be a contract, or its name and version')
  const { name, version } = '~contract' in contract ? contract['~contract'] : contract
  if (typeof identity !== 'string') throw new TypeError('identity must be a text, such as the id of the user')
  // [semver.org §4] Before 1.0.0 the minor version says what breaks.
  const major = /^(0\.)?\d+/.exec(version)?.[0]
  if (!major) throw new TypeError(`contract must have a semantic version, and not "${version}"`)
  const ledger: Ledger = {
    store: readStore(store),
    scope: [identity, `${name}@${major}`],
    maxUnacknowledged,
    storeTimeout,
    keepers: new Map(),
    last: new Map(),
    endings: new Map(),
    unwatch: undefined,
  }
  return {
    '~keep': (seat) => keepSubscription(ledger, seat),
    '~flush': () =>
      Promise.all([
        ...[...ledger.keepers.values()].map((keeper) => keeper.flush()),
        ...ledger.endings.values(),
      ]),
  }
}
