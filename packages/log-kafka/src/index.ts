export { LogEngineError, type LogEngineProblem } from '@millrace/log/engine'
export { type KafkaLog, kafkaLog } from './kafka-log.ts'
export type { KafkaConnectionOptions, KafkaLogOptions, KafkaTopicOptions } from './options.ts'
