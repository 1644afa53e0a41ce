import { describe, expect, it } from 'vitest'
import { UsageError } from '../../usage-error.ts'
import { parseTail } from './tail-options.ts'

const url = 'http://localhost:4000/events'

describe('parseTail', () => {
  it('needs an address and a topic', () => {
    expect(parseTail([url, 'orders/42'])).toEqual({
      url: new URL(url),
      topics: ['orders/42'],
      from: 'now',
      events: [],
      headers: {},
      json: false,
    })
  })

  it('reads every option', () => {
    const options = ['--from', 'earliest', '--event', 'placed', '--event', 'shipped', '--json']
    const headers = ['--header', 'authorization: Bearer a:b', '-H', 'X-Tenant:7']
    expect(parseTail([...options, url, ...headers, 'orders/*', 'stock/7'])).toMatchObject({
      topics: ['orders/*', 'stock/7'],
      from: 'earliest',
      events: ['placed', 'shipped'],
      headers: { authorization: 'Bearer a:b', 'X-Tenant': '7' },
      json: true,
    })
  })

  it.each([
    [[], 'Which stream?'],
    [[url], `Which topics? millrace tail ${url} 'orders/*'`],
    [
      ['localhost:4000', 'orders/42'],
      '"localhost:4000" is not an address such as http://localhost:4000/events',
    ],
    [['file:///etc', 'orders/42'], '"file:///etc" is not an address'],
    [[url, 'orders/42', '--header', 'nonsense'], '"nonsense" is not a header'],
    [[url, 'orders/42', '--header', ': x'], '": x" is not a header'],
    [[url, 'orders/42', '--header', 'a b: x'], '"a b: x" is not a header'],
    [[url, 'orders/42', '--fron', 'now'], "Unknown option '--fron'"],
    [[url, 'orders/42', '--from'], "Option '--from <value>' argument missing"],
  ])('refuses %j', (args, message) => {
    expect(() => parseTail(args)).toThrow(message)
    expect(() => parseTail(args)).toThrow(UsageError)
  })
})
