import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { runCommand } from './run-command.ts'
import { millrace, rememberingTerminal } from './terminal.fixture.ts'

const here = import.meta.dirname

it.each(['generate', 'check', 'lint', 'diff', 'tail', 'doctor'])(
  'explains %s, with examples',
  async (name) => {
    const overview = await millrace(here, '--help')
    expect(overview).toMatchObject({ code: 0, noted: '' })
    expect(overview.printed).toContain(`millrace ${name} <`)
    const { code, printed } = await millrace(here, name, '--help')
    expect(code).toBe(0)
    expect(printed.match(new RegExp(`^  millrace ${name} `, 'gm'))?.length).toBeGreaterThan(1)
    expect(Math.max(...printed.split('\n').map((line) => line.length))).toBeLessThanOrEqual(130)
  },
)

it('explains itself to who says nothing', async () => {
  expect(await millrace(here)).toMatchObject({
    code: 2,
    printed: expect.stringContaining('millrace tail <url>'),
  })
})

it('tells its version', async () => {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  expect(await millrace(here, '--version')).toEqual({ code: 0, printed: `${manifest.version}\n`, noted: '' })
})

it.each<[string[], string]>([
  [['follow'], 'There is no command "follow"; there are generate, check, lint, diff, tail, doctor.\n'],
  [
    ['constructor'],
    'There is no command "constructor"; there are generate, check, lint, diff, tail, doctor.\n',
  ],
  [['tail'], 'Which stream? millrace tail <url> <topic> …\n'],
  [['generate'], 'From what? millrace generate <contract> --to <target>\n'],
  [['generate', 'a.ts', '--to', 'protobuf'], expect.stringContaining('--to is one of asyncapi, openapi')],
  [['generate', 'a.ts', 'b.ts', '--to', 'html'], 'One source at a time: a.ts, or b.ts?\n'],
  [['generate', 'a.ts', '--to', 'html', '--each'], '--each goes with --to jsonschema\n'],
  [['generate', 'a.ts', '--to', 'html', '--check'], '--check compares with what? Name the file with --out\n'],
  [['generate', 'a.ts', '--url', 'shop'], expect.stringContaining('"shop" is not an address')],
  [['generate', '--colour'], expect.stringContaining("'--colour'")],
  [['check'], expect.stringContaining('Which contract?')],
  [['diff', 'a.ts'], expect.stringContaining('Which two?')],
  [['diff', 'a.ts', 'b.ts', '--format', 'xml'], '--format is one of text, json, github, not "xml"\n'],
])('says what is wrong with a command line: %j', async (args, noted) => {
  expect(await millrace(here, ...args)).toEqual({ code: 2, printed: '', noted })
})

it('ends at once when it is told to before it began', async () => {
  const { terminal, said } = rememberingTerminal({ signal: AbortSignal.abort() })
  expect(await runCommand(['tail', 'http://localhost:9/events', 'orders/42'], terminal)).toBe(0)
  expect(said).toEqual({ printed: '', noted: '' })
})
