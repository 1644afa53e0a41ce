import { expect, it, vi } from 'vitest'
import { soon, type TroubleStage } from './trouble-stage.ts'

/** How many come back at once, over how many events, to how many topics. */
const storm = { resumes: 500, events: 100, lines: 4 }

/** Many at once. */
export function crowdTests(stage: TroubleStage): void {
  it('asked by many: its connections are as few for a hundred streams of as many topics as for one', async () => {
    const logName = stage.newName()
    const log = stage.open(logName, 'proxied')
    const { say, follow, events } = stage.serve(log)
    const lines = Array.from({ length: 100 }, (_, index) => `line-${index}`)
    const all = await Promise.all(lines.map((line) => follow(line)))
    await Promise.all(lines.map((line) => say(1, line)))
    await Promise.all(all.map((stream) => stream.until('1')))
    expect(await stage.harness.connections(logName)).toBeLessThanOrEqual(stage.harness.mostConnections)
    await events.close({ drain: 0 })
    await log.close()
    await vi.waitFor(async () => expect(await stage.harness.connections(logName)).toBe(0), soon)
  })

  it('come back to by all at once: they are served from memory, and it is read once a topic at most', async () => {
    const logName = stage.newName()
    const lines = Array.from({ length: storm.lines }, (_, index) => `line-${index}`)
    const ids = await stage.whileServed(logName, async ({ say }) => {
      const first = await Promise.all(lines.map((line) => say(1, line)))
      for (let number = 2; number <= storm.events + 1; number += 1)
        await Promise.all(lines.map((line) => say(number, line)))
      return first
    })
    const { follow, calls } = stage.serve(stage.open(logName))
    const expected = ['open resumed', ...Array.from({ length: storm.events }, (_, index) => `${index + 2}`)]
    const all = await Promise.all(
      Array.from({ length: storm.resumes }, (_, index) => {
        const line = index % lines.length
        return follow(lines[line], ids[line])
      }),
    )
    for (const stream of all) expect(await stream.until(`${storm.events + 1}`)).toEqual(expected)
    expect(calls.read).toBeLessThanOrEqual(lines.length)
  })
}
