import { expect, it } from 'vitest'
import { bareError } from './bare-error.ts'

it('keeps what is called, said and caused, and where', () => {
  const cause = Object.assign(new TypeError('inner'), { token: 'secret' })
  const error = Object.assign(new RangeError('outer', { cause }), { code: 'E1', payload: { sub: 'me' } })
  const bare = bareError(error)
  expect({ ...bare }).toEqual({ name: 'RangeError', code: 'E1' })
  expect([bare.message, bare.stack]).toEqual(['outer', error.stack])
  expect({ ...(bare.cause as Error) }).toEqual({ name: 'TypeError' })
  expect((bare.cause as Error).stack).toBe(cause.stack)
})

it('ends with a cause that is in a ring', () => {
  const error = new Error('a')
  error.cause = error
  let depth = 0
  for (let bare = bareError(error); bare.cause instanceof Error; bare = bare.cause) depth += 1
  expect(depth).toBe(3)
})

it.each([[undefined], ['secret'], [{ token: 'secret' }], [null]])(
  'tells of %o only what kind it is',
  (value) => {
    const { message } = bareError(value)
    expect(message).toBe(`Not an error, but a value of type ${typeof value}`)
  },
)

it('takes no code that is a value in disguise', () => {
  expect('code' in bareError(Object.assign(new Error('a'), { code: 'x'.repeat(65) }))).toBe(false)
  expect('code' in bareError(Object.assign(new Error('a'), { code: { token: 'secret' } }))).toBe(false)
})
