import { randomBytes } from 'node:crypto'
import { describeLog } from '@millrace/log/conformance'
import { Client } from 'pg'
import { afterEach, describe, it } from 'vitest'
import type { PostgresLogOptions } from './options.ts'
import { type PostgresLog, postgresLog } from './postgres-log.ts'
import { copyTables } from './table-copies.fixture.ts'

// A Postgres that is there already and may be of use to others: it has schemas of these logs for as long as a test runs, and that is all that is done to it.
const url = process.env.MILLRACE_POSTGRES_URL ?? ''

const run = randomBytes(8).toString('hex')
const schemas = new Map<PostgresLog, string>()
const schemaOf = (log: PostgresLog) => schemas.get(log) ?? ''
let count = 0

function open(
  options: Partial<PostgresLogOptions> = {},
  schema = `millrace_test_${run}_${++count}`,
): PostgresLog {
  const log = postgresLog({ pollInterval: 20, connection: url, schema, ...options })
  schemas.set(log, schema)
  return log
}

async function query(statement: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

afterEach(async () => {
  for (const schema of new Set(schemas.values())) await query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`)
  schemas.clear()
})

describeLog<PostgresLog>(
  'postgresLog on the server that MILLRACE_POSTGRES_URL names',
  {
    open: async () => open(),
    openWith: async (wake) => open({ wake }),
    join: async (log) => open({}, schemaOf(log)),
    trim: (log, keepFrom) => log.trim(keepFrom),
    recreate: (log) => log.restart(),
    tags: true,
    backUp: async (log) => {
      const putBack = await copyTables(query, schemaOf(log))
      return async () => {
        await putBack()
        return log
      }
    },
    interleavings: 60,
    patience: 15_000,
  },
  { describe, it },
)
