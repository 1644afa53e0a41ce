export { SqliteLogError, type SqliteLogProblem } from './errors.ts'
export type { SqliteLogOptions } from './options.ts'
export { renewEpoch } from './renew-epoch.ts'
export { type SqliteLog, sqliteLog } from './sqlite-log.ts'
