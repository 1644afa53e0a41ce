import { describe, expect, it } from 'vitest'
import { parsePathTemplate } from './path-template.ts'

describe('a path', () => {
  it('has literals and params', () => {
    const template = parsePathTemplate('shops/{shopId}/orders/{orderId}')
    expect(template.params).toEqual(['shopId', 'orderId'])
    expect(template.fill({ shopId: 'a', orderId: 'b/c' })).toBe('shops/a/orders/b%2Fc')
    expect(template.match('shops/a/orders/b%2Fc')).toEqual({ shopId: 'a', orderId: 'b/c' })
  })

  it('may have no params at all', () => {
    const template = parsePathTemplate('news')
    expect(template.fill({})).toBe('news')
    expect(template.match('news')).toEqual({})
    expect(template.match('olds')).toBeUndefined()
  })

  it('leaves params open that are not given', () => {
    const template = parsePathTemplate('shops/{shopId}/orders/{orderId}')
    expect(template.fill({ shopId: 'a' })).toBe('shops/a/orders/*')
    expect(template.match('shops/*/orders/b')).toEqual({ orderId: 'b' })
  })

  it.each([
    'shops/a/orders',
    'shops/a/orders/b/c',
    'shop/a/orders/b',
    'shops//orders/b',
    'shops/%/orders/b',
    '',
  ])('does not match %j', (address) => {
    expect(parsePathTemplate('shops/{shopId}/orders/{orderId}').match(address)).toBeUndefined()
  })

  it.each([
    ['', '""'],
    ['/orders', '""'],
    ['orders/', '""'],
    ['orders//x', '""'],
    ['orders/{}', '"{}"'],
    ['orders/{a}{b}', '"{a}{b}"'],
    ['orders/x{a}', '"x{a}"'],
    ['orders/{a-b}', '"{a-b}"'],
    ['orders/*', '"*"'],
    ['orders/ä', '"ä"'],
    ['orders/..', '".."'],
    ['orders/.', '"."'],
  ])('is not %j', (path, segment) => {
    expect(() => parsePathTemplate(path)).toThrow(`channel path "${path}": ${segment} is neither a literal`)
  })

  it('has each param once', () => {
    expect(() => parsePathTemplate('a/{x}/{x}')).toThrow('channel path "a/{x}/{x}": "{x}" stands there twice')
  })

  it.each([
    ['orders/{a}', 'orders/{b}', true],
    ['orders/{a}', 'orders/new', true],
    ['orders/{a}', 'orders/{a}/lines', false],
    ['orders/{a}', 'stock/{a}', false],
    ['{a}/x', 'y/{b}', true],
    ['{a}/x', 'y/z', false],
  ])('%s and %s overlap: %s', (left, right, overlap) => {
    expect(parsePathTemplate(left).overlaps(parsePathTemplate(right))).toBe(overlap)
    expect(parsePathTemplate(right).overlaps(parsePathTemplate(left))).toBe(overlap)
  })
})
