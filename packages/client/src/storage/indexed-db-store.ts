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

  function open(): Promise<IDBDatabase> {
    opening ??= new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open(name)
      request.onupgradeneeded = () => request.result.createObjectStore(storeName)
      request.onerror = () => {
        opening = undefined
        reject(request.error)
      }
      request.onsuccess = () => {
        const database = request.result
        const forget = () => {
          opening = undefined
        }
        // Whoever deletes it must not wait for this page.
        database.onversionchange = () => {
          forget()
          database.close()
        }
        database.onclose = forget
        resolve(database)
      }
    })
    return opening
  }

  async function ask<T>(
    mode: 'readonly' | 'readwrite',
    task: (store: IDBObjectStore) => IDBRequest<T>,
  ): Promise<T> {
    const database = await open()
    return new Promise((resolve, reject) => {
      const transaction = database.transaction(storeName, mode)
      const request = task(transaction.objectStore(storeName))
      transaction.oncomplete = () => resolve(request.result)
      transaction.onabort = () => reject(transaction.error)
    })
  }

  return {
    get: (key) => ask<string | undefined>('readonly', (store) => store.get(key)),
    async set(key, text) {
      await ask('readwrite', (store) => store.put(text, key))
    },
    close() {
      void opening?.then((database) => database.close())
      opening = undefined
    },
  }
}
