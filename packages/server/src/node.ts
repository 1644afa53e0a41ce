export { type NodeHandler, toNodeHandler } from './request/node-handler.ts'
export { type NodeListener, type NodeListenerOptions, toNodeListener } from './request/node-listener.ts'
