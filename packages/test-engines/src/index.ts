export { freePort } from './free-port.ts'
export { freeze } from './freeze.ts'
export { type PostgresServer, postgresServer } from './postgres-server.ts'
export { type RedisServer, redisServer } from './redis-server.ts'
