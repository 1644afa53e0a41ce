import { createEventClient } from '../index.ts'
import { cursorStorage, indexedDbStore } from '../storage.ts'

/** What a test calls in a page. */
export interface StorageLab {
  /** Begins to handle what comes, durably, with one kind of store. */
  begin(url: string, kind: 'localStorage' | 'IndexedDB', identity: string): Promise<void>
  /** The ids of what was handled in this page. */
  readonly handled: string[]
}

const lab: StorageLab = {
  handled: [],
  async begin(url, kind, identity) {
    const client = createEventClient({
      url,
      storage: cursorStorage({
        store: kind === 'IndexedDB' ? indexedDbStore() : localStorage,
        identity,
        contract: { name: 'numbers', version: '1.0.0' },
      }),
    })
    const subscription = client.subscribe('lines/a', ({ id }) => lab.handled.push(id), {
      durable: 'page',
      from: 'earliest',
    })
    await subscription.ready
  },
}

Object.assign(globalThis, { storageLab: lab })
