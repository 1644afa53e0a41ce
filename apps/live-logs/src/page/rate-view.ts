import { byId, setText } from './dom.ts'
import { LineRate } from './line-rate.ts'
import { drawSparkline } from './sparkline.ts'
import { formatCount } from './words.ts'

const seconds = 60
/** How often the sparkline is drawn anew at most, in milliseconds, however many frames there are. */
const shortest = 250

/** Shows how many lines a second come, and came in the last minute. */
export function setUpRateView(): {
  /** Counts one line. @param time when it was published, in milliseconds since 1970 */
  add(line: { readonly time: number; readonly isError: boolean }): void
  /** Draws, unless it was drawn just now. */
  update(): void
  draw(): void
} {
  const canvas = byId('sparkline', HTMLCanvasElement)
  const caption = byId('rate', HTMLElement)
  const rate = new LineRate(seconds, Date.now())
  let drawnAt = 0

  function draw(): void {
    const now = Date.now()
    drawnAt = now
    const perSecond = rate.perSecond(now)
    drawSparkline(canvas, rate.bars(now))
    setText(caption, `${perSecond < 10 ? perSecond.toFixed(1) : formatCount(Math.round(perSecond))}/s`)
  }

  // Seconds pass whether or not lines come.
  setInterval(draw, 1000)
  return {
    add: ({ time, isError }) => rate.add(1, isError ? 1 : 0, time, Date.now()),
    update() {
      if (Date.now() - drawnAt > shortest) draw()
    },
    draw,
  }
}
