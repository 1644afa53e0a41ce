import { isErrorOf, MillraceError } from './errors.ts'
import type { Frame } from './frame.ts'

/** A frame that would not arrive as it was meant. Whoever filled it in is at fault; nothing was encoded. */
export class FrameError extends MillraceError {
  /** The field that was refused. */
  readonly field: keyof Frame

  constructor(field: keyof Frame, reason: string) {
    super('FrameError', 'frame', `The frame's ${field} ${reason}`)
    this.field = field
  }

  static override readonly isInstance = /* @__PURE__ */ isErrorOf<FrameError>('frame')
}
