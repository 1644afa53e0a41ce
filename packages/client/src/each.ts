export { each } from './each/each.ts'
