export { freePort, freePorts } from './free-port.ts'
export { type RunningProxy, startProxy } from './proxy.ts'
export { type ProxyName, proxyProgram } from './proxy-program.ts'
