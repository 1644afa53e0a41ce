import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RequestError } from './request-error.ts'
import { formatTopicRequest, parseTopicRequest } from './topic-request.ts'

// Any text that holds no separator, although a contract writes few of them.
const text = (pattern: RegExp) =>
  fc.string({ unit: 'binary', minLength: 1 }).filter((value) => !pattern.test(value))
const canonical = fc.stringMatching(/^[A-Za-z0-9._~%*-]+(\/[A-Za-z0-9._~%*-]+){0,3}$/)
const address = fc.oneof(canonical, text(/;/))
const start = fc.oneof(
  fc.constantFrom('now', 'earliest'),
  fc.stringMatching(/^[0-9a-z]{1,32}\.[1-9][0-9]{0,10}$/),
  text(/;/),
)
const events = fc.array(fc.oneof(fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.-]*$/), text(/[;,]/)), {
  minLength: 1,
  maxLength: 4,
})

describe('a topic of a request', () => {
  it('is read as it was written', () => {
    const request = fc.record({ address, from: start, events }, { requiredKeys: ['address'] })
    fc.assert(
      fc.property(request, (topic) => {
        expect(parseTopicRequest(formatTopicRequest(topic))).toEqual(topic)
      }),
      { numRuns: 1_000 },
    )
  })

  it('is read as it was written, or neither written nor read', () => {
    const any = fc.string({ unit: fc.constantFrom('a', ';', ',', '=', 'from', 'events', '/') })
    const request = fc.record(
      { address: any, from: any, events: fc.array(any) },
      { requiredKeys: ['address'] },
    )
    fc.assert(
      fc.property(request, (topic) => {
        let read: unknown
        try {
          read = parseTopicRequest(formatTopicRequest(topic))
        } catch (error) {
          if (RequestError.isInstance(error)) return
          throw error
        }
        expect(read).toEqual(topic)
      }),
      { numRuns: 2_000 },
    )
  })

  it.each([
    { address: 'orders/42;from=earliest' },
    { address: 'orders/42', from: 'now;events=placed' },
    { address: 'orders/42', events: ['placed;from=earliest'] },
    { address: 'orders/42', events: ['placed,shipped'] },
  ])('is not written where it would be read as another: %j', (topic) => {
    expect(() => formatTopicRequest(topic)).toThrow('"topic" has a separator in a part')
    expect(() => formatTopicRequest(topic)).toThrow(RequestError)
  })

  it('is one text', () => {
    expect(formatTopicRequest({ address: 'orders/42' })).toBe('orders/42')
    expect(formatTopicRequest({ address: 'orders/*', from: 'earliest', events: ['placed', 'shipped'] })).toBe(
      'orders/*;from=earliest;events=placed,shipped',
    )
  })

  it.each([
    ['', '"topic" must name a topic'],
    [';from=now', '"topic" must name a topic'],
    ['orders/42;', '"topic" has an unknown option ""; there are "from" and "events"'],
    ['orders/42;form=now', '"topic" has an unknown option "form"; there are "from" and "events"'],
    ['orders/42;from', '"topic" has an empty "from"'],
    ['orders/42;from=', '"topic" has an empty "from"'],
    ['orders/42;events=', '"topic" has an empty "events"'],
    ['orders/42;from=now;from=earliest', '"topic" has "from" twice'],
    ['orders/42;events=placed;events=shipped', '"topic" has "events" twice'],
    ['orders/42;events=,', '"topic" has an empty name in "events"'],
    ['orders/42;events=placed,,shipped', '"topic" has an empty name in "events"'],
    ['orders/42;FROM=now', '"topic" has an unknown option "FROM"; there are "from" and "events"'],
    ['orders/42; from=now', '"topic" has an unknown option " from"; there are "from" and "events"'],
    ['orders/42;__proto__=x', '"topic" has an unknown option "__proto__"; there are "from" and "events"'],
    ['orders/42;constructor=x', '"topic" has an unknown option "constructor"; there are "from" and "events"'],
  ])('is not %j', (text, message) => {
    expect(() => parseTopicRequest(text)).toThrow(message)
    expect(() => parseTopicRequest(text)).toThrow(RequestError)
  })
})
