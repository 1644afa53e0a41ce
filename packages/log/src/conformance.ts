export { ConformanceError } from './conformance/check.ts'
export { describeLog } from './conformance/describe-log.ts'
export type { Explore, Property } from './conformance/explore.ts'
export type { ConformanceRunner, Disturbance, LogHarness } from './conformance/harness.ts'
