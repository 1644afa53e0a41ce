import { expect, it } from 'vitest'
import { isHostAllowed } from './host-check.ts'

it.each([
  ['localhost:4000', 'localhost', true],
  ['logs.localhost', '127.0.0.1', true],
  ['127.0.0.1:4000', 'localhost', true],
  ['[::1]:4000', '::1', true],
  ['evil.example:4000', 'localhost', false],
  ['127.0.0.1.evil.example', 'localhost', false],
  ['localhost.evil.example', '127.0.0.1', false],
  [undefined, 'localhost', false],
  ['logs.example', '0.0.0.0', true],
])('%s on %s: %s', (host, listening, allowed) => {
  expect(isHostAllowed(host, listening)).toBe(allowed)
})
