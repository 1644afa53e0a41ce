import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Life } from './schema.ts'

/** Finds out the tags of records. */
export class Tags {
  readonly #select: StatementSync

  constructor(database: DatabaseSync) {
    this.#select = database.prepare('SELECT tag FROM records WHERE offset = ?')
  }

  /**
   * The tag of the record at an offset from `first - 1` to the head, which may be forgotten by now. Asks the table only for those in
   * between: there the tag stands behind the data, and a row with long data is read as a whole for it.
   */
  at({ first, head, tag, forgottenTag }: Life, offset: number): string | undefined {
    if (offset === head) return tag ?? undefined
    if (offset < first) return forgottenTag ?? undefined
    const row = this.#select.get(offset) as { tag: string | null } | undefined
    return row?.tag ?? undefined
  }
}
