export { liveHandler, type ReadyOptions, readyHandler } from './telemetry/health-handler.ts'
