import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RequestError } from './request-error.ts'
import {
  formatStreamRequest,
  formatStreamRequestBody,
  parseStreamRequest,
  parseStreamRequestBody,
  type StreamRequest,
} from './stream-request.ts'

const cursor = fc.stringMatching(/^[0-9a-z]{1,32}\.[1-9][0-9]{0,10}$/)
// A query takes any text that UTF-8 can carry.
const text = (pattern: RegExp) =>
  fc.string({ unit: 'grapheme', minLength: 1 }).filter((value) => !pattern.test(value))
const address = fc.oneof(
  fc.stringMatching(/^[a-z]+\/[A-Za-z0-9%~*.-]+$/),
  text(/;/),
  fc.constantFrom('a b', 'a+b', 'a%20b', 'a&topic=b', 'a#b', 'a=b', 'a\r\nb', 'a\0b', '__proto__'),
)
const topic = fc.record(
  {
    address,
    from: fc.oneof(fc.constant('earliest'), cursor),
    events: fc.array(text(/[;,]/), { minLength: 1 }),
  },
  { requiredKeys: ['address'] },
)
const request: fc.Arbitrary<StreamRequest> = fc.record(
  {
    topics: fc.array(topic, { minLength: 1, maxLength: 5 }),
    from: fc.constantFrom('now', 'earliest'),
    lastEventId: cursor,
    poll: fc.constant(true),
    version: fc.integer({ min: 1, max: 9999 }),
  },
  { requiredKeys: ['topics'] },
)

const parse = (query: string) => parseStreamRequest(new URLSearchParams(query))

describe('a request', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(request, (asked) => {
        expect(parseStreamRequest(formatStreamRequest(asked))).toEqual(asked)
        expect(parse(formatStreamRequest(asked).toString())).toEqual(asked)
      }),
    )
  })

  it('is the same in a body', () => {
    fc.assert(
      fc.property(request, (asked) => {
        expect(parseStreamRequestBody(formatStreamRequestBody(asked))).toEqual(asked)
      }),
    )
  })

  it('gives names to topics that have none of their own', () => {
    expect(parse('topic=a/1;events=x&topic=a/2&event=y&event=z').topics).toEqual([
      { address: 'a/1', events: ['x'] },
      { address: 'a/2', events: ['y', 'z'] },
    ])
  })

  it('may hold what is the application’s', () => {
    expect(parse('topic=a&token=secret&from=')).toEqual({ topics: [{ address: 'a' }] })
  })

  it('means the same as a query and as a body, whatever it is', () => {
    const name = fc.constantFrom('topic', 'event', 'from', 'last-event-id', 'mode', 'v', 'token', '__proto__')
    const value = fc.constantFrom(
      '',
      'a',
      'a;from=now',
      'a;events=x,y',
      'x',
      'now',
      'k.1',
      'poll',
      'stream',
      '1',
    )
    const result = (read: () => StreamRequest) => {
      try {
        return read()
      } catch (error) {
        if (RequestError.isInstance(error)) return error.message
        throw error
      }
    }
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value), { maxLength: 6 }), (pairs) => {
        const query = new URLSearchParams(pairs)
        const body = Object.fromEntries([...query.keys()].map((each) => [each, query.getAll(each)]))
        expect(result(() => parseStreamRequestBody(JSON.stringify(body)))).toEqual(
          result(() => parseStreamRequest(query)),
        )
      }),
      { numRuns: 2_000 },
    )
  })

  it('has limits that the server knows, not the wire', () => {
    expect(parse('')).toEqual({ topics: [] })
    expect(parseStreamRequestBody('{}')).toEqual({ topics: [] })
    expect(parse('topic=a&topic=a').topics).toHaveLength(2)
    expect(parse(`topic=${'a'.repeat(100_000)}`).topics).toHaveLength(1)
    expect(parse(Array(1_000).fill('topic=a').join('&')).topics).toHaveLength(1_000)
  })

  it('has no cursor where it is empty', () => {
    expect(parse('topic=a&last-event-id=')).toEqual({ topics: [{ address: 'a' }] })
  })

  it.each([
    ['topic=a&mode=push', 'mode', 'must be "stream" or "poll"'],
    ['topic=a&v=0', 'v', 'must be a whole number'],
    ['topic=a&v=1.5', 'v', 'must be a whole number'],
    ['topic=a&v=', 'v', 'must be a whole number'],
    ['topic=', 'topic', 'must name a topic'],
    ['topic=a&topic=', 'topic', 'must name a topic'],
    ['topic=a&event=', 'event', 'must name an event'],
    ['topic=a;events=x&event=x&event=', 'event', 'must name an event'],
    ['topic=a&mode=', 'mode', 'must be "stream" or "poll"'],
    ['topic=a&v=10000', 'v', 'must be a whole number'],
    ['topic=a&v=01', 'v', 'must be a whole number'],
    ['topic=a&from=now&from=earliest', 'from', 'stands there more than once'],
    ['topic=a&from=&from=', 'from', 'stands there more than once'],
    ['topic=a&last-event-id=k.1&last-event-id=k.2', 'last-event-id', 'stands there more than once'],
    ['topic=a&mode=poll&mode=stream', 'mode', 'stands there more than once'],
    ['topic=a&v=1&v=1', 'v', 'stands there more than once'],
  ])('that is wrong says where: %s', (query, parameter, problem) => {
    expect(() => parse(query)).toThrow(`"${parameter}" ${problem}`)
    try {
      parse(query)
    } catch (error) {
      expect(RequestError.isInstance(error) && error.parameter).toBe(parameter)
    }
  })

  it.each([
    ['', '"body" must be JSON'],
    ['{', '"body" must be JSON'],
    ['[]', '"body" must be a JSON object'],
    ['null', '"body" must be a JSON object'],
    ['"topic"', '"body" must be a JSON object'],
    ['{"topic":{"address":"a"}}', '"topic" must be a string, a number or a list of them'],
    ['{"topic":[["a"]]}', '"topic" must be a string, a number or a list of them'],
    ['{"topic":null}', '"topic" must be a string, a number or a list of them'],
    ['{"topic":"a","from":["now","earliest"]}', '"from" stands there more than once'],
    ['{"topic":"a","v":1.5}', '"v" must be a whole number'],
    ['{"topic":"a","mode":null}', '"mode" must be a string, a number or a list of them'],
    ['{"topic":true}', '"topic" must be a string, a number or a list of them'],
  ])('is not the body %s', (body, message) => {
    expect(() => parseStreamRequestBody(body)).toThrow(message)
    expect(() => parseStreamRequestBody(body)).toThrow(RequestError)
  })

  it('may hold what is the application’s in a body, whatever that is', () => {
    const body =
      '{"topic":"a","filter":{"deep":[{}]},"flag":true,"none":null,"__proto__":{"mode":"poll"},"constructor":[[]]}'
    expect(parseStreamRequestBody(body)).toEqual({ topics: [{ address: 'a' }] })
    expect(Object.prototype).not.toHaveProperty('mode')
  })

  it('takes single values in a body', () => {
    expect(parseStreamRequestBody('{"topic":"a","v":1,"__proto__":"x"}')).toEqual({
      topics: [{ address: 'a' }],
      version: 1,
    })
  })
})
