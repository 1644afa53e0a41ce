import { expect, it } from 'vitest'
import { PauseGate } from './pause-gate.ts'

it('holds what comes while paused, and lets it through in order, once', () => {
  const passed: number[] = []
  const gate = new PauseGate<number>(100, (items) => passed.push(...items))
  gate.push([1])
  gate.pause()
  gate.push([2, 3])
  gate.push([4])
  expect([passed, gate.held, gate.paused]).toEqual([[1], 3, true])
  gate.resume()
  gate.push([5])
  gate.resume()
  expect([passed, gate.held, gate.paused]).toEqual([[1, 2, 3, 4, 5], 0, false])
})

it('holds no more than one and a half times what the history could', () => {
  const passed: number[] = []
  const gate = new PauseGate<number>(10, (items) => passed.push(...items))
  gate.pause()
  for (let item = 0; item < 1000; item += 1) gate.push([item])
  expect(gate.held).toBeLessThanOrEqual(15)
  gate.resume()
  expect(passed.slice(-10)).toEqual([990, 991, 992, 993, 994, 995, 996, 997, 998, 999])
})
