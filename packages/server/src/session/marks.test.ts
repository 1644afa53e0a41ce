import { setImmediate as turn } from 'node:timers/promises'
import { memoryLog, shards } from '@millrace/log'
import { controlEvent } from '@millrace/protocol'
import { describe, expect, it } from 'vitest'
import { openStream } from '../fixtures/open-stream.fixture.ts'
import { serve } from '../fixtures/serve.fixture.ts'
import type { Block } from '../fixtures/stream-reader.fixture.ts'
import { wilfulLog } from '../fixtures/wilful-log.fixture.ts'

// All of these are in the second shard. What the log is of is the first.
const [behind, further, other] = ['orders/43', 'orders/50', 'orders/52']
const kinds = [
  { kind: 'one log', split: false, at: (offset: number, tag: string) => `b.${offset}.${tag}` },
  { kind: 'a shard', split: true, at: (offset: number, tag: string) => `b0101.${offset}.${tag}_a0001.0` },
]

describe.each(kinds)('what $kind loses before a stream is where its topics begin', ({ split, at }) => {
  async function open(of: string, start: string) {
    const wilful = wilfulLog()
    const log = split ? shards([memoryLog({ epoch: 'a' }), wilful.log]) : wilful.log
    const served = await serve({ log })
    // The feed begins.
    const first = await openStream(served.url(`?topic=${behind}`))
    await first.next()
    wilful.put('one', 'two', 'three')
    const others = split ? '&topic=orders/42' : ''
    const request = `?topic=${of};from=${at(1, 'one')}&topic=${further};from=${start}${others}`
    return { ...wilful, ...served, open: () => openStream(served.url(request)) }
  }
  const offsetOf = ({ id }: Block) => /b(?:0101)?\.(\d+)/.exec(id)?.[1]
  const diverged = { event: controlEvent.reset, topic: further, data: { verdict: 'diverged' } }

  it('is told where it has come as far again by then', async () => {
    const { putAtPage, open: start } = await open(behind, at(3, 'three'))
    void putAtPage('one', 'two', 'other', 'four')
    const stream = await start()
    expect(await stream.next()).toMatchObject({ data: { verdict: 'resumed' } })
    expect(await stream.next()).toMatchObject(diverged)
    expect((await placed(stream, 3)).map(offsetOf)).toEqual(['2', '3', '4'])
  })

  it('is told where it comes as far again later, by an event', async () => {
    const { putAtPage, put, tell, open: start } = await open(behind, at(3, 'three'))
    void putAtPage('one', 'two')
    const stream = await start()
    expect((await stream.take(2)).map(offsetOf)).toEqual(['1', '2'])
    tell()
    put('one', 'two', 'other', 'four')
    tell()
    expect(await stream.next()).toMatchObject(diverged)
    expect((await placed(stream, 2)).map(offsetOf)).toEqual(['3', '4'])
  })

  it.each([
    ['that a cursor names', at(3, 'three')],
    ['that was the newest', 'now'],
  ])('is told where it comes as far again later, by a heartbeat: at the place %s', async (_, begin) => {
    const { putAtPage, put, tell, clock, open: start } = await open(other, begin)
    const isPut = putAtPage('one', 'two')
    const stream = await start()
    await isPut
    tell()
    await turn()
    clock.advance(15_000)
    await stream.until(() => stream.text.includes('.2.two'))
    put('one', 'two', 'other', 'four')
    tell()
    clock.advance(15_000)
    await stream.until(() => stream.text.includes('.4.four'))
    const blocks = await stream.take(3)
    expect(blocks.filter(({ event }) => event === controlEvent.reset)).toMatchObject([diverged])
  })

  it('is not told where nothing is lost', async () => {
    const { putAtPage, put, tell, clock, open: start } = await open(behind, at(3, 'three'))
    void putAtPage('one', 'two')
    const stream = await start()
    expect((await stream.take(2)).map(offsetOf)).toEqual(['1', '2'])
    put('one', 'two', 'three', 'four')
    tell()
    expect((await stream.take(2)).map(offsetOf)).toEqual(['3', '4'])
    clock.advance(15_000)
    await stream.until(() => stream.text.endsWith(':\n'))
    expect(stream.text).not.toContain(controlEvent.reset)
  })
})

// Bare ids may come in between.
async function placed(stream: { next(): Promise<Block> }, count: number): Promise<Block[]> {
  const blocks: Block[] = []
  while (blocks.length < count) {
    const block = await stream.next()
    if (block.event === 'placed') blocks.push(block)
  }
  return blocks
}
