import { writeSync } from 'node:fs'
import { SqliteLogError, sqliteLog } from './index.ts'

// Appends until that fails, and says how: how many records were acknowledged, the problem, and what then still works. The argument is
// the file. To be started where the operating system limits the size of files.
const log = sqliteLog({ file: process.argv[2] ?? '' })
const record = { topic: 'a', event: 'b', version: 1, time: 0, data: `"${'x'.repeat(2_000)}"` }

let acknowledged = 0
let problem: string | undefined
while (problem === undefined && acknowledged < 100_000) {
  try {
    await log.append([record])
    acknowledged += 1
  } catch (error) {
    problem = SqliteLogError.isInstance(error) ? error.problem : String(error)
  }
}
const { head } = await log.bounds()
const { records } = await log.read(head - 1, 1)
writeSync(1, JSON.stringify({ acknowledged, problem, head, read: records.length }))
await log.close()
