import { describe, expect, it } from 'vitest'
import { MillraceError } from './errors.ts'

class SpillError extends MillraceError {
  constructor(message: string, options?: ErrorOptions) {
    super('SpillError', 'spill', message, options)
  }
}

describe('MillraceError', () => {
  it('carries name, code, message and cause', () => {
    const cause = new Error('rain')
    const error = new SpillError('the weir is full', { cause })
    expect(error).toMatchObject({ name: 'SpillError', code: 'spill', message: 'the weir is full', cause })
    expect(String(error)).toBe('SpillError: the weir is full')
    expect(error).toBeInstanceOf(Error)
  })

  it('shows nothing but its data', () => {
    expect(Object.keys(new SpillError('full')).sort()).toEqual(['code', 'name'])
  })

  it('recognises its subclasses and nothing else', () => {
    expect(MillraceError.isInstance(new SpillError('full'))).toBe(true)
    for (const other of [
      new Error('full'),
      { name: 'SpillError', code: 'spill' },
      null,
      undefined,
      'spill',
      0,
    ]) {
      expect(MillraceError.isInstance(other)).toBe(false)
    }
  })

  it('recognises the errors of another copy of the package', async () => {
    // By another address, so that it is another module.
    const address: string = './errors.ts?copy'
    const copy: typeof import('./errors.ts') = await import(address)
    expect(copy.MillraceError).not.toBe(MillraceError)
    const foreign = new copy.MillraceError('SpillError', 'spill', 'full')
    expect(foreign).not.toBeInstanceOf(MillraceError)
    expect(MillraceError.isInstance(foreign)).toBe(true)
  })
})
