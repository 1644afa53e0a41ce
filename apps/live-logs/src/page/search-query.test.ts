import { describe, expect, it } from 'vitest'
import { parseQuery, type SearchQuery } from './search-query.ts'

function query(typed: string): SearchQuery {
  const parsed = parseQuery(typed)
  if (!parsed.ok || parsed.query === undefined) throw new Error(`no query: ${typed}`)
  return parsed.query
}

describe('plain text', () => {
  it('is found in any case, everywhere, with nothing special in it', () => {
    expect(query('get /').ranges('GET / get /')).toEqual([
      [0, 5],
      [6, 11],
    ])
    expect(query('a.b*[c]').matches('xA.B*[C]')).toBe(true)
    expect(query('a.b').matches('axb')).toBe(false)
    expect(query('\\d-').matches('\\D-')).toBe(true)
  })

  it('may begin with a slash, as paths do', () => {
    expect(query('/api/users').matches('GET /api/users')).toBe(true)
    expect(query('/').ranges('a/b')).toEqual([[1, 2]])
  })

  it('is marked in the right place beside characters that change length with case', () => {
    expect(query('x').ranges('İİx')).toEqual([[2, 3]])
  })

  it('of spaces alone is no query', () => {
    expect(parseQuery('  ')).toEqual({ ok: true, query: undefined })
  })
})

describe('/expression/', () => {
  it('is found in any case unless flags are given', () => {
    expect(query('/ST.TUS \\d{3}/').ranges('status 404')).toEqual([[0, 10]])
    expect(query('/A/u').matches('a')).toBe(false)
  })

  it('gives the same answer each time, whatever its flags', () => {
    const found = query('/a/gy')
    expect([found.matches('ba'), found.matches('ba'), found.matches('ba')]).toEqual([true, true, true])
    expect([found.ranges('ba'), found.matches('ba'), found.ranges('ba')]).toEqual([[[1, 2]], true, [[1, 2]]])
  })

  it('that matches nothing at all marks nothing, and ends', () => {
    expect(query('/x*/').ranges('abc')).toEqual([])
    expect(query('/x*/').matches('abc')).toBe(true)
  })

  it.each([['/(/'], ['/[a/'], ['/a/ii'], ['/*/']])('%s is not one yet, and says so', (typed) => {
    const parsed = parseQuery(typed)
    expect(parsed.ok).toBe(false)
    expect(!parsed.ok && parsed.problem).toMatch(/^Not a regular expression yet: [a-z]/)
  })
})
