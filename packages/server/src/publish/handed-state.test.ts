import { describe, expect, it } from 'vitest'
import { PublishError } from '../errors.ts'
import { openStream } from '../fixtures/open-stream.fixture.ts'
import { serve } from '../fixtures/serve.fixture.ts'
import { shop } from '../fixtures/shop.fixture.ts'

const order = shop.orders({ orderId: '1' })

describe('the state of a topic', () => {
  it('comes with the cursor after which its events go on', async () => {
    const { url, events, place } = await serve()
    await place('1', 1, 2)
    events.snapshot(shop.orders, async ({ params }) => {
      // Published while it is read: it may be in it, and comes in each case.
      await place('1', 3)
      return { total: Number(params.orderId) }
    })
    const state = await events.state(order)
    expect(state).toEqual({ data: { total: 1 }, wire: { total: 1 }, version: 1, id: 'e1.2' })
    const stream = await openStream(url(`/orders/1?from=${state?.id}`))
    expect((await stream.take(2)).map(({ id }) => id)).toEqual(['e1.2', 'e1.3'])
  })

  it('is undefined where there is none, or where it cannot be had', async () => {
    const { events, errors } = await serve()
    expect(await events.state(order)).toBeUndefined()
    events.snapshot(shop.orders, () => {
      throw new RangeError('no')
    })
    expect(await events.state(order)).toBeUndefined()
    expect(errors).toMatchObject([{ message: 'no' }])
  })

  it('is refused of what is no topic', async () => {
    const { events } = await serve()
    await expect(events.state(shop.orders() as never)).rejects.toSatisfy(PublishError.isInstance)
  })
})

it('the position is that of the newest event, and what comes after it is told to who begins there', async () => {
  const { url, events, place } = await serve()
  expect(await events.position()).toBe('e1.0')
  await place('1', 1)
  const id = await events.position()
  expect(id).toBe('e1.1')
  await place('1', 2)
  const stream = await openStream(url(`/orders/1?from=${id}`))
  expect((await stream.take(2)).map(({ id }) => id)).toEqual(['e1.1', 'e1.2'])
})
