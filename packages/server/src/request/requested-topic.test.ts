import { controlEvent } from '@millrace/protocol'
import { describe, expect, it } from 'vitest'
import { type OpenStream, openStream } from '../fixtures/open-stream.fixture.ts'
import { type Served, serve } from '../fixtures/serve.fixture.ts'

/** Five events are there: `orders/1` has 1 and 3, `orders/2` has 2, 4 and 5. */
async function serveFive(): Promise<Served> {
  const served = await serve()
  const { place } = served
  await place('1', 1)
  await place('2', 2)
  await place('1', 3)
  await place('2', 4, 5)
  return served
}

async function idsOf(stream: OpenStream): Promise<string[]> {
  expect(stream.status).toBe(200)
  const blocks = await stream.rest()
  return blocks.filter(({ event }) => event === 'placed').map(({ id }) => id.slice('e1.'.length))
}

async function refusal(stream: OpenStream): Promise<unknown> {
  expect(stream.status).toBe(400)
  await stream.ended
  return JSON.parse(stream.text)
}

describe('the start', () => {
  const both = '?topic=orders/1&topic=orders/2&mode=poll'

  it.each([
    ['everything, from the earliest', `${both}&from=earliest`, undefined, ['1', '2', '3', '4', '5']],
    ['after a cursor', `${both}&last-event-id=e1.3`, undefined, ['4', '5']],
    ['after from= as a cursor', `${both}&from=e1.3`, undefined, ['4', '5']],
    ['after the cursor rather than from=', `${both}&last-event-id=e1.3&from=earliest`, undefined, ['4', '5']],
    ['after the header rather than the query', `${both}&last-event-id=e1.1`, 'e1.3', ['4', '5']],
    [
      'each at its own',
      '?topic=orders/1;from=earliest&topic=orders/2;from=e1.4&mode=poll',
      undefined,
      ['1', '3', '5'],
    ],
    [
      'at its own rather than after the cursor',
      '?topic=orders/1;from=earliest&topic=orders/2&last-event-id=e1.4&mode=poll',
      undefined,
      ['1', '3', '5'],
    ],
    [
      'after the header, whatever each one said',
      '?topic=orders/1;from=earliest&topic=orders/2;from=e1.1&mode=poll',
      'e1.4',
      ['5'],
    ],
    ['an empty header is none', `${both}&from=earliest`, '', ['1', '2', '3', '4', '5']],
    ['an empty cursor is none', `${both}&from=earliest&last-event-id=`, undefined, ['1', '2', '3', '4', '5']],
    [
      'overlapping patterns, each event once',
      '?topic=orders/*&topic=orders/1&from=earliest&mode=poll',
      undefined,
      ['1', '2', '3', '4', '5'],
    ],
    [
      'the same topic twice, each event once',
      '?topic=orders/1&topic=orders/1&from=earliest&mode=poll',
      undefined,
      ['1', '3'],
    ],
    [
      'the same topic from two places, from the first of them',
      '?topic=orders/2;from=e1.4&topic=orders/2;from=e1.2&mode=poll',
      undefined,
      ['4', '5'],
    ],
    [
      'a pattern and a topic of it from two places',
      '?topic=orders/*;from=e1.4&topic=orders/1;from=earliest&mode=poll',
      undefined,
      ['1', '3', '5'],
    ],
  ])('%s', async (_, rest, header, expected) => {
    const { url } = await serveFive()
    const headers: Record<string, string> = header === undefined ? {} : { 'last-event-id': header }
    expect(await idsOf(await openStream(url(rest), { headers }))).toEqual(expected)
  })

  it('is the present by default', async () => {
    const { url, place } = await serveFive()
    const stream = await openStream(url('?topic=orders/1'))
    expect(await stream.next()).toMatchObject({ id: 'e1.5', data: { verdict: 'fresh' } })
    await place('1', 6)
    expect(await stream.next()).toMatchObject({ id: 'e1.6' })
  })

  it('of some is now while others replay: the open frame tells that place too, and ids only rise', async () => {
    const { url, place } = await serveFive()
    const stream = await openStream(url('?topic=orders/2;from=now&topic=orders/1;from=earliest'))
    expect(await stream.next()).toMatchObject({ id: 'e1.0', data: { verdict: 'fresh', now: 'e1.5' } })
    expect((await stream.take(3)).map(({ id }) => id)).toEqual(['e1.1', 'e1.3', 'e1.5'])
    await place('2', 6)
    expect(await stream.next()).toMatchObject({ id: 'e1.6' })
  })
})

describe('without a version, from a browser or curl', () => {
  it.each(['orders/%C3%A9', 'orders/%25C3%25A9'])('takes an address in any writing: %s', async (topic) => {
    const { url, place } = await serve()
    const stream = await openStream(url(`?topic=${topic}`))
    await stream.next()
    await place('é', 1)
    expect(await stream.next()).toMatchObject({ topic: 'orders/%C3%A9' })
  })

  it.each(['x', '5', 'e1.', 'e1.01', 'E1.5', 'e1.99999999999999999', '*', 'x'.repeat(10_000)])(
    'resets at a cursor that is none: %s',
    async (cursor) => {
      const { url, place } = await serveFive()
      const stream = await openStream(url('?topic=orders/1'), { headers: { 'last-event-id': cursor } })
      const [open, reset] = await stream.take(2)
      expect(open).toMatchObject({ event: controlEvent.open, id: '0.0', data: { verdict: 'invalid' } })
      expect(reset).toEqual({
        event: controlEvent.reset,
        id: 'e1.5',
        topic: 'orders/1',
        data: { verdict: 'invalid' },
      })
      await place('1', 6)
      expect(await stream.next()).toMatchObject({ id: 'e1.6' })
    },
  )

  it('names a reset topic as it was asked for', async () => {
    const { url } = await serve()
    const stream = await openStream(url('?topic=orders/%C3%A9&from=x'))
    expect((await stream.take(2))[1]).toMatchObject({ event: controlEvent.reset, topic: 'orders/é' })
  })

  it.each(['%0A', '%0D', '%0D%0Adata:x%0A%0A', '%00'])(
    'refuses an address with %s in it, which no frame could name',
    async (character) => {
      const { url, errors } = await serve({ limits: { connections: 1 } })
      const stream = await openStream(url(`?topic=orders/a${character}b&from=x`))
      expect(await refusal(stream)).toMatchObject({
        code: 'bad-request',
        detail: expect.stringContaining('must be written "orders/a%'),
      })
      expect(errors).toEqual([])
      expect((await openStream(url('?topic=orders/1'))).status).toBe(200)
    },
  )
})

describe('with v=1, from a client that knows', () => {
  it('takes a canonical address', async () => {
    const { url } = await serve()
    expect((await openStream(url('?topic=orders/%25C3%25A9&v=1'))).status).toBe(200)
  })

  it('refuses any other writing, and tells the right one', async () => {
    const { url } = await serve()
    expect(await refusal(await openStream(url('?topic=orders/%C3%A9&v=1')))).toMatchObject({
      code: 'bad-request',
      topic: 'orders/é',
      detail: '"orders/é" must be written "orders/%C3%A9"',
    })
  })

  it.each([
    ['of all', '?topic=orders/1&last-event-id=x&v=1', undefined],
    ['to start from', '?topic=orders/1&from=x&v=1', undefined],
    ['of one topic', '?topic=orders/2&topic=orders/1;from=x&v=1', 'orders/1'],
  ])('refuses a cursor that is none: %s', async (_, rest, topic) => {
    const { url } = await serve()
    const problem = await refusal(await openStream(url(rest)))
    expect(problem).toMatchObject({
      code: 'bad-request',
      detail: '"x" is neither "now", "earliest" nor a cursor',
    })
    expect((problem as { topic?: string }).topic).toBe(topic)
  })

  it('does not send a long one back', async () => {
    const { url } = await serve()
    const headers = { 'last-event-id': 'x'.repeat(200) }
    const stream = await openStream(url('?topic=orders/1&v=1'), { headers })
    expect(await refusal(stream)).toMatchObject({ detail: expect.stringMatching(/^"x{80}…" is neither/) })
  })
})
