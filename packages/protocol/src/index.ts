export { formatCursor, type Position, parseCursor } from './cursor.ts'
export type { ResetVerdict, Verdict } from './verdict.ts'
