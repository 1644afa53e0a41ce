export { create } from './eventsource-parser.ts'
