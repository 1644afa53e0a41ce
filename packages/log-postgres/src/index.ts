export { LogEngineError, type LogEngineProblem } from '@millrace/log/engine'
export type { PostgresConnectionOptions, PostgresLogOptions } from './options.ts'
export { type PostgresLog, type PostgresTransaction, postgresLog } from './postgres-log.ts'
export { postgresSchema } from './schema.ts'
