/**
 * Gathers requests to draw into one a frame. A hidden page gets no frames, but must not let what comes pile up: it
 * draws once a second.
 */
export function createFrame(draw: () => void): { request(): void } {
  let frame: number | undefined
  let timer: ReturnType<typeof setTimeout> | undefined

  function run(): void {
    if (frame !== undefined) cancelAnimationFrame(frame)
    // Left behind, timers would each draw again, between frames.
    clearTimeout(timer)
    frame = undefined
    draw()
  }

  return {
    request() {
      if (frame !== undefined) return
      frame = requestAnimationFrame(run)
      timer = setTimeout(run, 1000)
    },
  }
}
