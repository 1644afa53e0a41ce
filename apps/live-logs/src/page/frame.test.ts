import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createFrame } from './frame.ts'

let frames: (() => void)[]
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  frames = []
  vi.stubGlobal('requestAnimationFrame', (run: () => void) => frames.push(run))
  vi.stubGlobal('cancelAnimationFrame', (number: number) => delete frames[number - 1])
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

function paint(): void {
  for (const run of frames.splice(0)) run?.()
}

it('draws once a frame, however often it is asked, and leaves nothing behind', () => {
  const draw = vi.fn()
  const frame = createFrame(draw)
  for (let turn = 1; turn <= 100; turn += 1) {
    frame.request()
    frame.request()
    paint()
    expect(draw).toHaveBeenCalledTimes(turn)
  }
  expect(vi.getTimerCount()).toBe(0)
  paint()
  expect(draw).toHaveBeenCalledTimes(100)
})

it('draws after a second where no frame comes, and not again in the late frame', () => {
  const draw = vi.fn()
  const frame = createFrame(draw)
  frame.request()
  vi.advanceTimersByTime(1000)
  expect(draw).toHaveBeenCalledTimes(1)
  paint()
  expect(draw).toHaveBeenCalledTimes(1)
  frame.request()
  paint()
  expect(draw).toHaveBeenCalledTimes(2)
})

it('may be asked again while it draws', () => {
  let left = 3
  const frame = createFrame(() => {
    left -= 1
    if (left > 0) frame.request()
  })
  frame.request()
  for (let turn = 0; turn < 5; turn += 1) paint()
  expect(left).toBe(0)
})
