import { expect, it } from 'vitest'
import { AddressError, ContractError, DataError } from './errors.ts'

const errors = [new ContractError('a'), new AddressError('b'), new DataError('c', 'invalid')]
const classes = [ContractError, AddressError, DataError]

it('are told apart by class, also between copies of the package', () => {
  for (const [index, error] of errors.entries()) {
    expect(classes.map((each) => each.isInstance(error))).toEqual(classes.map((_, other) => other === index))
    expect(error.name).toBe(classes[index]?.name)
  }
  expect(new Set(errors.map(({ code }) => code)).size).toBe(classes.length)
  expect(classes.some((each) => each.isInstance(new Error('x')) || each.isInstance(null))).toBe(false)
})

it('say every place', () => {
  const issues = [
    { path: [], message: 'is wrong' },
    { path: ['items', 0, 'price'], message: 'is negative' },
  ]
  expect(new DataError('event', 'invalid', issues).message).toBe(
    'event: is wrong; items.0.price: is negative',
  )
})
