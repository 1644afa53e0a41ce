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
const topic = fc.record({ address: fc.stringMatching(/^[a-z]+\/[A-Za-z0-9%~*.-]+$/) })
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

  it('has no cursor where it is empty', () => {
    expect(parse('topic=a&last-event-id=')).toEqual({ topics: [{ address: 'a' }] })
  })

  it.each([
    ['topic=a&mode=push', 'mode', 'must be "stream" or "poll"'],
    ['topic=a&v=0', 'v', 'must be a whole number'],
    ['topic=a&v=1.5', 'v', 'must be a whole number'],
    ['topic=a&v=', 'v', 'must be a whole number'],
    ['topic=', 'topic', 'must name a topic'],
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
    ['{"topic":true}', '"topic" must be a string, a number or a list of them'],
  ])('is not the body %s', (body, message) => {
    expect(() => parseStreamRequestBody(body)).toThrow(message)
  })

  it('takes single values in a body', () => {
    expect(parseStreamRequestBody('{"topic":"a","v":1,"__proto__":"x"}')).toEqual({
      topics: [{ address: 'a' }],
      version: 1,
    })
  })
})
