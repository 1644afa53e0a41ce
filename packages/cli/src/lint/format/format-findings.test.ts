import { readFile } from 'node:fs/promises'
import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { Finding } from '../finding.ts'
import { dataPath } from './data-path.ts'
import { formatFindings } from './format-findings.ts'

const unbounded: Finding = {
  rule: 'unbounded-string',
  severity: 'warning',
  place: { channel: 'files', event: 'line', pointer: '/properties/text' },
  message: 'may be of any length; give it .max(), or a format',
}
const findings: readonly Finding[] = [
  { rule: 'undocumented-contract', severity: 'warning', place: {}, message: 'has no description' },
  {
    ...unbounded,
    rule: 'missing-example',
    place: { channel: 'files', event: 'line' },
    message: 'has no example',
  },
  unbounded,
  {
    rule: 'unfit-example',
    severity: 'error',
    place: { definition: 'Money' },
    message: 'does not fit',
    source: { file: 'api.yaml', pointer: '#/components', line: 12 },
  },
]
const hostile: Finding = {
  ...unbounded,
  place: { channel: 'a\u001B[2J' },
  message: '50%\r\nof\u001B[2J it: a, b',
}

describe('as text', () => {
  it('is grouped by place and aligned', () => {
    expect(formatFindings(findings, 'text')).toBe(
      [
        'contract',
        '  warning        has no description [undocumented-contract]',
        '',
        'files.line',
        '  warning        has no example [missing-example]',
        '  warning  text  may be of any length; give it .max(), or a format [unbounded-string]',
        '',
        'Money (definition)',
        '  error          does not fit (api.yaml:12) [unfit-example]',
        '',
        '1 error, 3 warnings',
        '',
      ].join('\n'),
    )
  })

  it('is the same in colours', () => {
    const painted = formatFindings(findings, 'text', { color: true })
    expect(painted).not.toBe(formatFindings(findings, 'text'))
    expect(stripVTControlCharacters(painted)).toBe(formatFindings(findings, 'text'))
    expect(painted).toContain('\u001B[31merror')
  })

  it('is one line when nothing was found', () => {
    expect(formatFindings([], 'text')).toBe('Nothing found\n')
  })

  it('does not let one long path push all messages aside', () => {
    const long: Finding = { ...unbounded, place: { channel: 'a', pointer: `/properties/${'x'.repeat(200)}` } }
    const [, , second = ''] = formatFindings([long, { ...long, place: { channel: 'a' } }], 'text').split('\n')
    expect(second.indexOf('may be')).toBeLessThan(60)
  })

  it('has nothing in it that a terminal obeys', () => {
    expect(formatFindings([hostile], 'text')).toBe(
      'a\\u001b[2J\n  warning  50%\\u000d\\u000aof\\u001b[2J it: a, b [unbounded-string]\n\n1 warning\n',
    )
  })

  it('is what its documentation shows', async () => {
    expect(await page()).toContain(`\`\`\`\n${formatFindings([unbounded], 'text')}\`\`\``)
  })
})

describe('as JSON', () => {
  it('is what its documentation shows', async () => {
    const shown = /```json\n(.*?)```/s.exec(await page())?.[1]
    expect(JSON.parse(shown ?? '')).toEqual(JSON.parse(formatFindings([unbounded], 'json')))
  })

  it('says where a document has it', () => {
    expect(JSON.parse(formatFindings(findings, 'json'))).toMatchObject({
      errors: 1,
      warnings: 3,
      findings: [{}, {}, {}, { at: 'Money (definition)', source: { file: 'api.yaml', line: 12 } }],
    })
  })
})

describe('for GitHub', () => {
  it('is an annotation each, the errors first', () => {
    expect(formatFindings(findings.slice(2), 'github', { file: 'shop.ts' })).toBe(
      [
        '::error file=api.yaml,line=12,title=unfit-example::Money (definition): does not fit',
        '::warning file=shop.ts,title=unbounded-string::files.line #/properties/text: may be of any length; give it .max(), or a format',
        '1 error, 1 warning',
        '',
      ].join('\n'),
    )
  })

  it('escapes what the runner would take for its own', () => {
    expect(formatFindings([hostile], 'github', { file: 'C:\\a,b%.ts' }).split('\n')[0]).toBe(
      '::warning file=C%3A\\a%2Cb%25.ts,title=unbounded-string::a\u001B[2J: 50%25%0D%0Aof\u001B[2J it: a, b',
    )
  })

  it('needs no file', () => {
    expect(formatFindings([unbounded], 'github')).toMatch(/^::warning title=unbounded-string::/)
  })
})

it.each([
  ['', ''],
  ['/properties/lines/items/properties/price', 'lines[].price'],
  ['/properties/a~1b~0/additionalProperties', 'a/b~{}'],
  ['/properties/payment/anyOf/1/properties/code', 'payment|2.code'],
  ['/oneOf/0', '|1'],
  ['/items/prefixItems/3', '[][3]'],
  ['/allOf/1/properties/items', '&2.items'],
  ['/properties/properties/items', 'properties[]'],
  ['/properties/', ''],
])('the path %s in data is %s', (pointer, path) => {
  expect(dataPath(pointer)).toBe(path)
})

function page(): Promise<string> {
  return readFile(new URL('../../../../../docs/lint.md', import.meta.url), 'utf8')
}
