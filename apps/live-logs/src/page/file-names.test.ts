import { expect, it } from 'vitest'
import { shortNames } from './file-names.ts'

it.each([
  [['logs/app.log'], ['app.log']],
  [
    ['a/app.log', 'b/app.log', 'b/other.log'],
    ['a/app.log', 'b/app.log', 'other.log'],
  ],
  [
    ['/var/log/app.log', 'var/log/app.log'],
    ['/var/log/app.log', 'var/log/app.log'],
  ],
  [
    ['app.log', 'x/app.log'],
    ['app.log', 'x/app.log'],
  ],
  [['/'], ['/']],
])('%j', (paths, names) => {
  const found = shortNames(paths)
  expect(paths.map((path) => found.get(path))).toEqual(names)
})
