import { type Position, parseCursor } from '@millrace/protocol'

/** The first frame of a stream and how far it came, read here once more and apart from the client. */
export class Opening {
  /** The place of the topics that begin at `now`; once the client has it. */
  now: string | undefined
  /** Whether resets or states follow, before which the stream gives nobody a place. */
  isUnsettled = false
  /** Whether it goes on where it was asked to. */
  isWhole = false
  /** Whether it has given a place to all that were asked for. */
  isPlaced = false
  /** Up to where the stream has brought everything, as it says itself. */
  reached: Position | undefined
  /** The topic of the event that has led it there, unless it was something else. */
  ledBy: string | undefined
  /** Whether it has brought resets: a client does not look for what has to come again beyond them. */
  hasResets = false
  #text = ''
  #rest = ''

  get place(): Position | undefined {
    return parseCursor(this.now ?? '')
  }

  /** Reads on. */
  push(piece: Uint8Array): void {
    const text = new TextDecoder().decode(piece)
    this.#reach(text)
    if (this.now !== undefined) return
    this.#text += text
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
    this.isWhole = verdict === 'fresh' || verdict === 'resumed'
    this.isUnsettled = !this.isWhole || snapshots !== undefined
    this.isPlaced ||= !this.isUnsettled
  }

  #reach(text: string): void {
    const frames = (this.#rest + text).split('\n\n')
    this.#rest = frames.pop() ?? ''
    for (const frame of frames) {
      this.hasResets ||= /^event: millrace.reset$/m.test(frame)
      const place = parseCursor(/^id: (.*)$/m.exec(frame)?.[1] ?? '')
      if (place === undefined) continue
      this.isPlaced ||= this.now !== undefined
      this.reached = place
      this.ledBy = /^event: (?!millrace)/m.test(frame) ? /^topic: (.*)$/m.exec(frame)?.[1] : undefined
    }
  }
}
