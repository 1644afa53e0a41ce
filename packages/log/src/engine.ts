export type { AppendedRecord, Engine, EngineWatcher } from './engine/engine.ts'
export { LogEngineError, type LogEngineProblem } from './engine/engine-error.ts'
export { type EngineHealth, type EngineLog, type EngineLogOptions, engineLog } from './engine/engine-log.ts'
export { lossyProperty } from './engine/lossy.ts'
