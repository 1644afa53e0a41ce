export { LogEngineError, type LogEngineProblem } from '@millrace/log/engine'
export type { RedisClusterSource, RedisConnection, RedisSentinelSource } from './connection.ts'
export type { RedisLogOptions } from './options.ts'
export { type RedisLog, redisLog } from './redis-log.ts'
