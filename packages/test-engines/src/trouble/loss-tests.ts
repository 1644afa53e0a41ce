import { expect, it, vi } from 'vitest'
import { soon, type TroubleStage } from './trouble-stage.ts'

/** What an engine does not have any more, and the verdict that is told of it. */
export function lossTests(stage: TroubleStage): void {
  it('trimmed: who has missed something is told, and who has not goes on', async () => {
    const logName = stage.newName()
    const ids = await stage.whileServed(logName, async ({ say }, log) => {
      const said = await sayAll(say, 1, 5)
      await log.trim(4)
      return said
    })
    expect(await stage.comeBack(logName, ids[0], 6)).toEqual(['open trimmed', 'reset trimmed', '4', '5', '6'])
    expect(await stage.comeBack(logName, ids[2], 7)).toEqual(['open resumed', '4', '5', '6', '7'])
    expect(await stage.comeBack(logName, undefined, 8)).toEqual(['open fresh', '8'])
    expect(await stage.comeBack(logName, 'nonsense', 9)).toEqual(['open invalid', 'reset invalid', '9'])
  })

  it('recreated: everybody is told that it is another life, also who is there', async () => {
    const logName = stage.newName()
    const log = stage.open(logName)
    const { say, follow } = stage.serve(log)
    const stream = await follow()
    await stream.count(1)
    const ids = await sayAll(say, 1, 5)
    await stream.until('5')
    await stage.open(logName).restart()
    await vi.waitFor(() => say(8), soon)
    expect(await stream.until('8')).toEqual(['open fresh', '1', '2', '3', '4', '5', 'reset epoch', '8'])
    expect(await stage.comeBack(logName, ids[4], 9)).toEqual(['open epoch', 'reset epoch', '8', '9'])
    expect(await stage.comeBack(logName, ids[0], 10)).toEqual(['open epoch', 'reset epoch', '8', '9', '10'])
  })

  it.each([
    ['ahead', 0],
    ['ahead', 1],
    ['diverged', 3],
    ['diverged', 5],
  ])(
    'rolled back: who has seen what is lost is told (%s) when %i others have taken its places, and who has not goes on',
    async (verdict, more) => {
      const logName = stage.newName()
      const kept = await stage.whileServed(logName, ({ say }) => sayAll(say, 1, 5))
      const putBack = await stage.harness.backUp(logName)
      const lost = await stage.whileServed(logName, ({ say }) => sayAll(say, 101, 103))
      await putBack()
      await stage.whileServed(logName, ({ say }) => sayAll(say, 201, 200 + more))
      const again = Array.from({ length: more }, (_, index) => `${201 + index}`)
      expect(await stage.comeBack(logName, lost[2], 301)).toEqual([
        `open ${verdict}`,
        `reset ${verdict}`,
        '301',
      ])
      expect(await stage.comeBack(logName, kept[4], 302)).toEqual(['open resumed', ...again, '301', '302'])
    },
  )

  it('rolled back beneath a server: its streams are told, and go on without a gap that nobody told', async () => {
    const logName = stage.newName()
    const log = stage.open(logName)
    const { say, follow } = stage.serve(log)
    const stream = await follow()
    await stream.count(1)
    await sayAll(say, 1, 5)
    const putBack = await stage.harness.backUp(logName)
    await vi.waitFor(() => say(101), soon)
    await stream.until('101')
    await putBack()
    await vi.waitFor(() => say(201), soon)
    const told = await stream.until('201')
    expect(told.slice(0, 7)).toEqual(['open fresh', '1', '2', '3', '4', '5', '101'])
    // Told of it at least once before anything follows. What is held may come again with a new epoch.
    expect(told[7]).toMatch(/^reset (epoch|ahead|diverged)$/)
    expect(
      told
        .slice(8)
        .filter((text) => !text.startsWith('reset'))
        .at(-1),
    ).toBe('201')
  })
}

async function sayAll(say: (number: number) => Promise<string>, from: number, to: number) {
  const ids: string[] = []
  for (let number = from; number <= to; number += 1) ids.push(await say(number))
  return ids
}
