import { MillraceError } from '@millrace/protocol'
import { expect, it } from 'vitest'
import { LogClosedError } from './errors.ts'

it('is known by its code, also when another copy of the package made it', () => {
  const foreign = new MillraceError('LogClosedError', 'log-closed', 'The log is closed')
  expect(LogClosedError.isInstance(foreign)).toBe(true)
  expect(LogClosedError.isInstance(new LogClosedError())).toBe(true)
})

it('is told apart from other errors', () => {
  expect(LogClosedError.isInstance(new MillraceError('OtherError', 'other', 'Other'))).toBe(false)
  expect(LogClosedError.isInstance({ code: 'log-closed' })).toBe(false)
  expect(LogClosedError.isInstance(undefined)).toBe(false)
})

it('is a Millrace error with a name that survives a minifier', () => {
  const error = new LogClosedError()
  expect(MillraceError.isInstance(error)).toBe(true)
  expect(error).toMatchObject({ name: 'LogClosedError', code: 'log-closed' })
})
