export type { Log, LogBounds, LogPage, LogRecord, NewRecord, TailObserver } from './log.ts'
