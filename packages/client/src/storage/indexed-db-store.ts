const storeName = 'cursors'

/** Settings of a store in IndexedDB. */
export interface IndexedDbStoreOptions {
  /** Name of the database. @default 'millrace' */
  readonly name?: string
}

/** Keeps texts in an IndexedDB database of pages and workers. It is opened when it is first used. */
export interface IndexedDbStore {
  get(key: string): Promise<string | undefined>
  set(key: string, text: string): Promise<void>
  /** Lets the database go. It is opened again by whatever comes next. */
  close(): void
}

export function indexedDbStore({ name = 'millrace' }: IndexedDbStoreOptions = {}): IndexedDbStore {
  let opening: Promise<IDBDatabase> | undefined
  let open: IDBDatabase | undefined

  function forget(): void {
    opening = undefined
    open = undefined
  }

  function close(): void {
    open?.close()
    forget()
  }

  function openDatabase(): Promise<IDBDatabase> {
    opening ??= new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open(name)
      request.onupgradeneeded = () => request.result.createObjectStore(storeName)
      request.onerror = () => {
        forget()
        reject(request.error)
      }
      request.onsuccess = () => {
        open = request.result
        // Whoever deletes it must not wait for this page.
        open.onversionchange = close
        open.onclose = forget
        resolve(open)
      }
    })
    return opening
  }

  function ask<T>(
    database: IDBDatabase,
    mode: 'readonly' | 'readwrite',
    task: (store: IDBObjectStore) => IDBRequest<T>,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      const transaction = database.transaction(storeName, mode)
      const request = task(transaction.objectStore(storeName))
      transaction.oncomplete = () => resolve(request.result)
      transaction.onabort = () => reject(transaction.error)
      // A page that goes does not wait for the answer to what it has asked for.
      transaction.commit?.()
    })
  }

  return {
    async get(key) {
      return ask<string | undefined>(await openDatabase(), 'readonly', (store) => store.get(key))
    },
    async set(key, text) {
      // At once where that can be, for the page may be about to go.
      await ask(open ?? (await openDatabase()), 'readwrite', (store) => store.put(text, key))
    },
    close,
  }
}
