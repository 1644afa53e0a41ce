export { type NodeHandler, toNodeHandler } from './node-handler.ts'
export { type NodeListener, toNodeListener } from './node-listener.ts'
