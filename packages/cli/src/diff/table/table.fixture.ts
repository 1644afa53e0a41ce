import { collectionRows } from './collection-rows.fixture.ts'
import { contractRows } from './contract-rows.fixture.ts'
import { documentRows } from './document-rows.fixture.ts'
import { eventRows } from './event-rows.fixture.ts'
import { objectRows } from './object-rows.fixture.ts'
import type { Row } from './row.fixture.ts'
import { valueRows } from './value-rows.fixture.ts'

/** Changes of every kind, and what is to be said of each. */
export const table: readonly Row[] = [
  ...contractRows,
  ...eventRows,
  ...objectRows,
  ...valueRows,
  ...collectionRows,
  ...documentRows,
]
