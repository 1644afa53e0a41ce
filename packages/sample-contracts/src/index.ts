export { type FileEvent, type Level, type Line, levels, logs } from './logs.ts'
