export { type LongPollingOptions, longPolling } from './polling/long-polling.ts'
