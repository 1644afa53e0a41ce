import { setImmediate as turn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { Leadership } from './leadership.ts'

it('is not lost because it was taken away before it was given once more', async () => {
  const requests: { readonly task: () => unknown; readonly reject: (error: unknown) => void }[] = []
  const told: string[] = []
  const leadership = new Leadership(
    { request: (_, __, task) => new Promise((_, reject) => requests.push({ task, reject })) },
    'group',
    {
      begin: () => told.push('begin'),
      lose: () => told.push('lose'),
      fail: (error) => told.push(String(error)),
    },
  )
  const takeAway = (which: number) => requests[which]?.reject(new DOMException('stolen', 'AbortError'))
  // The locks are slow to answer, so that it tries again.
  leadership.steal()
  leadership.steal()
  requests[0]?.task()
  requests[1]?.task()
  takeAway(0)
  await turn()
  expect(told).toEqual(['begin', 'begin'])
  takeAway(1)
  await turn()
  expect(told.slice(2)).toEqual(['lose'])
  // It waits for its next turn, and no longer than it is wanted.
  leadership.release()
  expect(requests[2]?.task()).toBeUndefined()
  expect(told).toHaveLength(3)
})
