export { liveHandler, type ReadyOptions, readyHandler } from './health-handler.ts'
