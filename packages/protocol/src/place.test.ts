import { expect, it } from 'vitest'
import { isCutOff } from './place.ts'

const at = (offset: number, tag: string) => ({ epoch: 'e', offset, tag })

it.each([
  ['that the stream goes on at', at(5, 'x'), at(5, 'x'), false],
  ['whose offset is another record by now, with which the stream goes on', at(5, 'x'), at(5, 'y'), true],
  ['behind which the stream goes on', at(5, 'x'), at(9, 'z'), true],
  ['before which another topic of the stream goes on', at(9, 'x'), at(5, 'y'), true],
] as const)('a topic that diverged concerns the place %s: %o, %o', (_, place, goesOnAt, concerns) => {
  expect(isCutOff('diverged', place, goesOnAt)).toBe(concerns)
})
