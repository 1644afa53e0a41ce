export { LogEngineError, type LogEngineProblem } from '@millrace/log/engine'
export { type NatsLog, natsLog } from './nats-log.ts'
export type { NatsConnectionOptions, NatsLogOptions } from './options.ts'
