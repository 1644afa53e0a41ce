import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { systemClock } from './clock.ts'

// Its timers are those of the runtime, which stand still while a computer sleeps: here only the time moves on then.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
})
afterEach(() => {
  vi.useRealTimers()
})

const sleep = (milliseconds: number) => vi.setSystemTime(Date.now() + milliseconds)

describe('a timer of the system', () => {
  it('fires when its time has come, once', () => {
    const fired: number[] = []
    const begun = Date.now()
    systemClock.after(37_500, () => fired.push(Date.now() - begun))
    systemClock.after(0, () => fired.push(Date.now() - begun))
    vi.advanceTimersByTime(37_499)
    expect(fired).toEqual([0])
    vi.advanceTimersByTime(100_000)
    expect(fired).toEqual([0, 37_500])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('fires within five seconds after a sleep in which its time has come', () => {
    let fired = false
    systemClock.after(30_000, () => {
      fired = true
    })
    vi.advanceTimersByTime(11_000)
    sleep(3_600_000)
    vi.advanceTimersByTime(5_000)
    expect(fired).toBe(true)
  })

  it('reckons a shorter sleep in', () => {
    const fired = vi.fn()
    systemClock.after(30_000, fired)
    sleep(20_000)
    vi.advanceTimersByTime(9_999)
    expect(fired).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1)
    expect(fired).toHaveBeenCalledOnce()
  })

  it('is not held up by a clock that is put back, and takes any number', () => {
    const fired = vi.fn()
    systemClock.after(12_000, fired)
    sleep(-86_400_000)
    vi.advanceTimersByTime(12_000)
    expect(fired).toHaveBeenCalledOnce()
    const never = vi.fn()
    const cancel = systemClock.after(2 ** 40, never)
    vi.advanceTimersByTime(100_000)
    expect(never).not.toHaveBeenCalled()
    cancel()
    expect(vi.getTimerCount()).toBe(0)
  })
})
