import { expect, it } from 'vitest'
import type { Call } from './call.ts'
import { findAddress, type TrustProxy } from './client-address.ts'

function addressOf(remoteAddress: string | undefined, forwarded?: string, trust: TrustProxy = 0) {
  const call: Call = {
    method: 'GET',
    path: '/events',
    query: new URLSearchParams(),
    length: 7,
    remoteAddress,
    header: (name) => (name === 'x-forwarded-for' ? forwarded : undefined),
    body: async () => '',
  }
  return findAddress(call, trust)
}

it.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['192.0.2.1:4711', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:0001:0002::9', '2001:db8:1:2::/64'],
  ['[2001:db8::1]:443', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['', undefined],
  [undefined, undefined],
  ['unknown', undefined],
  ['_hidden', undefined],
  ['x'.repeat(1_000), undefined],
])('%s counts as %s', (address, expected) => {
  expect(addressOf(address)).toBe(expected)
})

it.each([
  ['nobody', '192.0.2.1, 192.0.2.2', 0, '127.0.0.1'],
  ['the nearest proxy', '192.0.2.1, 192.0.2.2', 1, '192.0.2.2'],
  ['two proxies', '192.0.2.1, 192.0.2.2', 2, '192.0.2.1'],
  ['more proxies than there were', '192.0.2.1', 2, '127.0.0.1'],
  ['a proxy that says nothing', undefined, 1, undefined],
  ['a function', '192.0.2.1', () => '192.0.2.9', '192.0.2.9'],
] as const)('believing %s, of "%s"', (_, forwarded, trust, expected) => {
  expect(addressOf('127.0.0.1', forwarded, trust)).toBe(expected)
})

it('shows a function what the socket says', () => {
  expect(addressOf('192.0.2.1', undefined, ({ address }) => address)).toBe('192.0.2.1')
})
