export { read } from './bare-fetch.ts'
