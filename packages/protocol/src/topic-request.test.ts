import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RequestError } from './request-error.ts'
import { formatTopicRequest, parseTopicRequest } from './topic-request.ts'

const address = fc.stringMatching(/^[A-Za-z0-9._~%*-]+(\/[A-Za-z0-9._~%*-]+){0,3}$/)
const start = fc.oneof(
  fc.constantFrom('now', 'earliest'),
  fc.stringMatching(/^[0-9a-z]{1,32}\.[1-9][0-9]{0,10}$/),
)
const events = fc.array(fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.-]*$/), { minLength: 1, maxLength: 4 })

describe('a topic of a request', () => {
  it('is read as it was written', () => {
    const request = fc.record({ address, from: start, events }, { requiredKeys: ['address'] })
    fc.assert(
      fc.property(request, (topic) => {
        expect(parseTopicRequest(formatTopicRequest(topic))).toEqual(topic)
      }),
    )
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
  ])('is not %j', (text, message) => {
    expect(() => parseTopicRequest(text)).toThrow(message)
    expect(() => parseTopicRequest(text)).toThrow(RequestError)
  })
})
