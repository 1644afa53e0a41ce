import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { mutations } from './mutations.ts'

it.each(mutations)('there is a place where $name', ({ file, find, replace }) => {
  const source = readFileSync(new URL(`../src/${file}`, import.meta.url), 'utf8')
  expect(source.split(find)).toHaveLength(2)
  expect(replace).not.toBe(find)
})
