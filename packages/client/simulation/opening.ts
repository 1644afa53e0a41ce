import { type Position, parseCursor } from '@millrace/protocol'

/** The first frame of a stream, read here once more and apart from the client. */
export class Opening {
  /** The place of the topics that begin at `now`; once the client has it. */
  now: string | undefined
  /** Whether resets or states follow, before which the stream gives nobody a place. */
  isUnsettled = false
  #text = ''

  get place(): Position | undefined {
    return parseCursor(this.now ?? '')
  }

  /** Reads on. */
  push(piece: Uint8Array): void {
    if (this.now !== undefined) return
    this.#text += new TextDecoder().decode(piece)
    const end = this.#text.indexOf('\n\n')
    if (end < 0 || !this.#text.includes('event: millrace.open')) return
    const block = this.#text.slice(0, end)
    const id = /^id: (.*)$/m.exec(block)?.[1]
    const data = /^data: (.*)$/m.exec(block)?.[1] ?? '{}'
    const {
      now = id,
      verdict,
      snapshots,
    } = JSON.parse(data) as {
      readonly now?: string
      readonly verdict: string
      readonly snapshots?: readonly string[]
    }
    this.now = now
    this.isUnsettled = (verdict !== 'fresh' && verdict !== 'resumed') || snapshots !== undefined
  }
}
