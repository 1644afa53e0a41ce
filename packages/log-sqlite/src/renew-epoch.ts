import { settingsOf } from './options.ts'
import { Store } from './store.ts'
import { Witness } from './witness.ts'

/**
 * Gives a log another epoch and keeps its records. Subscribers are then told `epoch` and begin anew, instead of taking what is
 * appended from now on for what they have already seen.
 *
 * Call it while nothing else has the file open, after a log was put back to an older state in a way that the log cannot find
 * out by itself: the whole directory was restored, or the volume.
 *
 * @param file As for `sqliteLog`.
 * @returns the new epoch.
 * @throws SqliteLogError when the file cannot be opened, or is not a log's.
 */
export function renewEpoch(file: string | URL): string {
  const store = new Store(settingsOf({ file }), new Witness())
  try {
    return store.renewEpoch()
  } finally {
    store.close()
  }
}
