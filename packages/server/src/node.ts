export { type NodeListener, toNodeListener } from './node-listener.ts'
