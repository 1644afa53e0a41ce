import { describe, expect, it } from 'vitest'
import { createCors } from './cors.ts'

const shop = 'https://shop.example'

describe('headers', () => {
  it('are none without the option', () => {
    const cors = createCors(undefined)
    expect(cors.headers(shop)).toEqual({})
    expect(cors.preflight(shop)).toEqual({})
  })

  it('name the origin that asks, when it is one of the list, and vary with it', () => {
    expect(createCors({ origins: ['https://a.example', shop] }).headers(shop)).toEqual({
      'access-control-allow-origin': shop,
      'access-control-expose-headers': 'retry-after, www-authenticate',
      vary: 'origin',
    })
  })

  it.each([['https://other.example'], ['https://shop.example.evil.test'], ['null'], [undefined]])(
    'only vary for %s, so that no cache gives that answer to another',
    (origin) => {
      expect(createCors({ origins: [shop] }).headers(origin)).toEqual({ vary: 'origin' })
    },
  )

  it('let every origin in for "*", without cookies', () => {
    expect(createCors({ origins: '*' }).headers(shop)).toEqual({
      'access-control-allow-origin': '*',
      'access-control-expose-headers': 'retry-after, www-authenticate',
    })
  })

  it('let cookies come along where that was said', () => {
    const { headers } = createCors({ origins: [shop], credentials: true })
    expect(headers(shop)).toHaveProperty('access-control-allow-credentials', 'true')
    expect(headers('https://other.example')).toEqual({ vary: 'origin' })
  })
})

it('a preflight allows what fetch-based clients send', () => {
  const allowed = createCors({ origins: [shop] }).preflight(shop)
  expect(allowed).toMatchObject({ 'access-control-allow-origin': shop, vary: 'origin' })
  expect(allowed['access-control-allow-headers']?.split(', ')).toEqual(
    expect.arrayContaining(['authorization', 'content-type', 'last-event-id']),
  )
  expect(allowed['access-control-allow-methods']?.split(', ')).toEqual(
    expect.arrayContaining(['GET', 'POST']),
  )
})

it('refuses credentials for every origin, which browsers would', () => {
  expect(() => createCors({ origins: '*', credentials: true })).toThrow(TypeError)
})

it.each([
  'https://shop.example/',
  'https://shop.example/path',
  'https://SHOP.example',
  'https://shop.example:443',
  'shop.example',
  '',
])('refuses "%s", which no browser would ever send as its origin', (origin) => {
  expect(() => createCors({ origins: [origin] })).toThrow(/is not an origin/)
})

it.each(['http://localhost:5173', 'http://[::1]:8080', 'capacitor://localhost', 'null'])(
  'takes %s',
  (origin) => {
    expect(createCors({ origins: [origin] }).headers(origin)).toHaveProperty(
      'access-control-allow-origin',
      origin,
    )
  },
)
