export type { CursorStorage } from './cursor-storage.ts'
export { type CursorStorageOptions, cursorStorage } from './storage/cursor-storage.ts'
export type { CursorStore } from './storage/cursor-store.ts'
export {
  type IndexedDbStore,
  type IndexedDbStoreOptions,
  indexedDbStore,
} from './storage/indexed-db-store.ts'
export { StorageError } from './storage/storage-error.ts'
