export { LogEngineError, type LogEngineProblem } from '@millrace/log/engine'
export { type KafkaLog, kafkaLog, kafkaLogs } from './kafka-log.ts'
export type {
  KafkaConnectionOptions,
  KafkaLogOptions,
  KafkaLogsOptions,
  KafkaTopicOptions,
} from './options.ts'
