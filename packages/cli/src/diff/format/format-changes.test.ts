import { readFile } from 'node:fs/promises'
import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { Change } from '../change.ts'
import { changeBy } from '../note.ts'
import { formatChanges } from './format-changes.ts'

const changes: readonly Change[] = [
  changeBy('documentation-changed', { channel: 'orders' }, 'The description was changed'),
  changeBy('event-added', { channel: 'orders', event: 'shipped' }, 'The event "shipped" was added'),
  changeBy(
    'required-property-added',
    { channel: 'orders', event: 'placed', pointer: '/properties/at' },
    'The required property "at" was added',
  ),
]
const hostile = changeBy('documentation-changed', { channel: 'a' }, '50%\r\nof\u001B[2J it: a, b')

describe('as text', () => {
  it('is a table, what breaks most first', () => {
    expect(formatChanges(changes, 'text')).toBe(
      [
        'wire    source  replay  place                          change',
        'minor   major   major   orders.placed #/properties/at  The required property "at" was added [required-property-added]',
        'minor   minor   -       orders.shipped                 The event "shipped" was added [event-added]',
        '-       patch   -       orders                         The description was changed [documentation-changed]',
        '',
        'Verdict: major (wire minor, source major, replay major)',
        '',
      ].join('\n'),
    )
  })

  it('is the same in colours', () => {
    const painted = formatChanges(changes, 'text', { color: true })
    expect(painted).not.toBe(formatChanges(changes, 'text'))
    expect(stripVTControlCharacters(painted)).toBe(formatChanges(changes, 'text'))
    expect(painted).toContain('\u001B[1m\u001B[31mmajor')
  })

  it('is one line when nothing changed', () => {
    expect(formatChanges([], 'text')).toBe('Verdict: none, nothing changed\n')
  })

  it('does not let one long place push all others aside', () => {
    const long = changeBy('event-added', { channel: 'a'.repeat(200) }, 'Long')
    const [, , second = ''] = formatChanges([long, ...changes.slice(0, 1)], 'text').split('\n')
    expect(second.indexOf('The description')).toBeLessThan(90)
  })

  it('has nothing in it that a terminal obeys', () => {
    expect(formatChanges([hostile], 'text')).toContain('50%\\u000d\\u000aof\\u001b[2J it: a, b')
  })
})

describe('as JSON', () => {
  it('is the verdict and each change in the order of the contracts', () => {
    expect(JSON.parse(formatChanges(changes.slice(1), 'json'))).toEqual({
      verdict: { overall: 'major', wire: 'minor', source: 'major', replay: 'major' },
      changes: [
        {
          rule: 'event-added',
          overall: 'minor',
          wire: 'minor',
          source: 'minor',
          replay: 'none',
          at: 'orders.shipped',
          place: { channel: 'orders', event: 'shipped' },
          message: 'The event "shipped" was added',
        },
        {
          rule: 'required-property-added',
          overall: 'major',
          wire: 'minor',
          source: 'major',
          replay: 'major',
          at: 'orders.placed #/properties/at',
          place: { channel: 'orders', event: 'placed', pointer: '/properties/at' },
          message: 'The required property "at" was added',
        },
      ],
    })
  })

  it('is what its documentation shows', async () => {
    const page = await readFile(new URL('../../../../../docs/compatibility.md', import.meta.url), 'utf8')
    const shown = /```json\n(.*?)```/s.exec(page)?.[1]
    expect(JSON.parse(shown ?? '')).toEqual(JSON.parse(formatChanges(changes.slice(2), 'json')))
  })

  it('has its members in an order that stays', () => {
    expect(formatChanges([], 'json')).toBe(
      `${JSON.stringify(
        { verdict: { overall: 'none', wire: 'none', source: 'none', replay: 'none' }, changes: [] },
        undefined,
        2,
      )}\n`,
    )
  })
})

describe('for GitHub', () => {
  it('is an annotation each, what breaks most first', () => {
    expect(formatChanges(changes.slice(1), 'github', { file: 'src/shop.ts' })).toBe(
      [
        '::error file=src/shop.ts,title=required-property-added::orders.placed #/properties/at: The required property "at" was added (wire minor, source major, replay major)',
        '::notice file=src/shop.ts,title=event-added::orders.shipped: The event "shipped" was added (wire minor, source minor, replay none)',
        'Verdict: major (wire minor, source major, replay major)',
        '',
      ].join('\n'),
    )
  })

  it('escapes what the runner would take for its own', () => {
    expect(formatChanges([hostile], 'github', { file: 'C:\\a,b%.ts' }).split('\n')[0]).toBe(
      '::notice file=C%3A\\a%2Cb%25.ts,title=documentation-changed::a: 50%25%0D%0Aof\u001B[2J it: a, b (wire none, source patch, replay none)',
    )
  })

  it('needs no file', () => {
    expect(formatChanges(changes.slice(0, 1), 'github')).toMatch(/^::notice title=documentation-changed::/)
  })
})
