import type { Level } from '@millrace/sample-contracts'
import type { Entry } from './entry.ts'
import type { SearchQuery } from './search-query.ts'

/** Which entries are shown. */
export interface EntryFilter {
  readonly hiddenLevels: ReadonlySet<Level>
  readonly hiddenFiles: ReadonlySet<string>
  readonly query: SearchQuery | undefined
}

/** Marks stay whatever is searched for: they tell where lines begin to mean something else. */
export function isShown(entry: Entry, filter: EntryFilter): boolean {
  if (entry.file !== undefined && filter.hiddenFiles.has(entry.file)) return false
  if (entry.kind === 'mark') return true
  if (filter.hiddenLevels.has(entry.level)) return false
  return filter.query === undefined || filter.query.matches(entry.text)
}
