export { type NodeHandler, toNodeHandler } from './request/node-handler.ts'
export { type NodeListener, toNodeListener } from './request/node-listener.ts'
