import { bigintText, channel, defineContract, type Schema } from '@millrace/contract'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { ContractLoadError } from '../contract-reader/load-error.ts'
import { readDocument } from '../readers/read-document.ts'
import { InputError } from '../sources/input-error.ts'
import { lintProblems } from './lint-problems.ts'
import { lintRefusal } from './lint-refusal.ts'

const text = `asyncapi: 3.0.0
info: { title: Shop, version: 1.0.0 }
channels:
  root:
    address: /
    messages:
      placed:
        correlationId: { location: '$message.header#/id' }
        payload: { type: object }
`

describe('what reading a document found', () => {
  it('is what was left out and what was mended, with its line', async () => {
    const { problems } = await readDocument({
      file: 'shop.yaml',
      text,
      load: () => Promise.reject(new Error()),
    })
    expect(lintProblems(problems)).toEqual([
      {
        rule: 'mended',
        severity: 'warning',
        place: {},
        message: expect.stringContaining('"/"'),
        source: { file: 'shop.yaml', pointer: expect.any(String), line: 4 },
      },
      {
        rule: 'left-out',
        severity: 'warning',
        place: {},
        message: expect.stringContaining('correlation id'),
        source: { file: 'shop.yaml', pointer: expect.any(String), line: 8 },
      },
    ])
    expect(lintProblems(problems, { off: ['mended', 'left-out'] })).toEqual([])
  })

  it('is that it cannot be read', async () => {
    const { problems } = await readDocument({
      file: 'a.json',
      text: '{',
      load: () => Promise.reject(new Error()),
    })
    expect(lintProblems(problems)).toMatchObject([{ rule: 'unreadable', severity: 'error' }])
  })
})

describe('why a contract was refused', () => {
  const refused = (schema: Schema) => () =>
    channel('orders/{id}', { params: { id: z.string() }, events: { placed: schema } })

  it.each([
    [
      'unrepresentable-schema',
      refused(z.object({ at: z.date() })),
      'at at: z.date() cannot cross JSON both ways',
    ],
    ['unrepresentable-schema', refused(z.literal(1n)), 'a literal that JSON has not'],
    [
      'async-schema',
      refused(z.object({ name: z.string().refine(async () => true) })),
      'at name: a codec or check is asynchronous',
    ],
    [
      'unreadable',
      () => defineContract({ name: 'Shop', version: '1.0.0', channels: {} }),
      'contract name "Shop"',
    ],
  ])('is the finding %s', (rule, define, message) => {
    const cause = caught(define)
    const error = new InputError('shop.ts:3 failed', {
      cause: new ContractLoadError('threw', 'shop.ts', 'shop.ts:3 failed', { cause }),
    })
    expect(lintRefusal(error)).toEqual({
      rule,
      severity: 'error',
      place: {},
      message: expect.stringContaining(message),
    })
  })

  it('is nothing where it was not refused', () => {
    expect(lintRefusal(new InputError('there is no file shop.ts'))).toBe(undefined)
    expect(lintRefusal(caught(() => z.parse(bigintText, 'x')))).toBe(undefined)
    expect(lintRefusal('x')).toBe(undefined)
  })
})

function caught(run: () => unknown): unknown {
  try {
    return run()
  } catch (error) {
    return error
  }
}
