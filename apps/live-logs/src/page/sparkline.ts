import type { RateBar } from './line-rate.ts'

/** Draws lines a second as bars, errors in their own colour from the bottom up. Colours come from the style sheet. */
export function drawSparkline(canvas: HTMLCanvasElement, bars: readonly RateBar[]): void {
  const context = canvas.getContext('2d')
  if (context === null) return
  const { clientWidth: width, clientHeight: height } = canvas
  const scale = devicePixelRatio
  canvas.width = Math.round(width * scale)
  canvas.height = Math.round(height * scale)
  context.scale(scale, scale)
  const style = getComputedStyle(canvas)
  const highest = Math.max(4, ...bars.map((bar) => bar.lines))
  const step = width / bars.length
  const heightOf = (lines: number) => (lines === 0 ? 0 : Math.max(1.5, (lines / highest) * (height - 1)))
  for (const [index, bar] of bars.entries()) {
    const left = index * step
    context.fillStyle = style.getPropertyValue('--spark-base')
    context.fillRect(left, height - 1, step, 1)
    context.fillStyle = style.getPropertyValue('--spark')
    context.fillRect(left, height - heightOf(bar.lines), step - 0.75, heightOf(bar.lines))
    context.fillStyle = style.getPropertyValue('--spark-error')
    context.fillRect(left, height - heightOf(bar.errors), step - 0.75, heightOf(bar.errors))
  }
}
