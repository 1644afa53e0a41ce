export { fitsPattern } from './address.ts'
export {
  type ByeData,
  type ByeReason,
  controlEvent,
  controlPrefix,
  type OpenData,
  type ResetData,
} from './control.ts'
export { formatCursor, joinPlaces, nowhere, type Position, parseCursor } from './cursor.ts'
export { isErrorOf, MillraceError } from './errors.ts'
export { encodeFrame, type Frame, frameExtensionFields, heartbeatFrame } from './frame.ts'
export { FrameError } from './frame-error.ts'
export { SseParser, type SseParserOptions } from './parser.ts'
export { comparable, isCutOff, isNewTo, laterOf, type Place, placeAfter, placesOf } from './place.ts'
export { type Problem, type ProblemCode, problemType } from './problem.ts'
export { RequestError } from './request-error.ts'
export type { SseItem, SseMessage } from './sse-item.ts'
export { SseLimitError } from './sse-limit-error.ts'
export {
  formatStreamRequest,
  formatStreamRequestBody,
  parseStreamRequest,
  parseStreamRequestBody,
  protocolVersion,
  type StreamRequest,
} from './stream-request.ts'
export { formatTopicRequest, parseTopicRequest, type Start, type TopicRequest } from './topic-request.ts'
export type { ResetVerdict, Verdict } from './verdict.ts'
export { describeWants, isBeginner, requestFor, type Want } from './wants.ts'
