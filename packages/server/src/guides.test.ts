import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { memoryLog } from '@millrace/log'
import { describeLog } from '@millrace/log/conformance'
import { describe, expect, it } from 'vitest'
import { compileExamples, readExamples } from './fixtures/guide.fixture.ts'
import { codesIn, rowsOf } from './fixtures/markdown-table.fixture.ts'
import { shop } from './fixtures/shop.fixture.ts'
import { readOptions } from './options.ts'

const root = join(import.meta.dirname, '..', '..', '..')
const read = (path: string) => readFile(join(root, path), 'utf8')

describe('the examples of a guide compile, as strictly as our own code', () => {
  it.each([
    ['deploying.md', ['shop.ts', 'server.ts', 'secure.ts']],
    ['authentication.md', ['client.ts', 'login.ts', 'cookies.ts']],
    ['choosing-a-log.md', ['log.ts', 'publish.ts']],
  ])('%s', async (guide, names) => {
    const examples = await readExamples(guide)
    expect([...examples.keys()]).toEqual(names)
    expect(await compileExamples(guide, examples)).toBe('')
  })
})

describe('the guide to logs', () => {
  it('names every group of the suite', async () => {
    const groups: string[] = []
    describeLog(
      'a log with everything',
      {
        open: async () => memoryLog(),
        openWith: async () => memoryLog(),
        join: async (log) => log,
        disturbances: {},
        backUp: async (log) => async () => log,
      },
      {
        describe(name, body) {
          groups.push(name)
          body()
        },
        it() {},
      },
    )
    const told = rowsOf(await read('docs/choosing-a-log.md'), 'group').map(
      ([group = '']) => codesIn(group)[0],
    )
    expect(told).toEqual(groups.slice(1))
  })
})

describe('the README of the server', () => {
  /** A number as it is written in code: `65_536`. */
  const written = (value: number) =>
    value === Number.POSITIVE_INFINITY ? 'none' : `\`${value.toLocaleString('en').replaceAll(',', '_')}\``

  it('has every limit with its default', async () => {
    const { limits } = readOptions({ contract: shop, log: memoryLog() })
    const rows = rowsOf(await read('packages/server/README.md'), 'option', 'default')
    const told = rows.filter(([option = '']) => option.startsWith('`limits.'))
    expect(Object.fromEntries(told.map(([option, value]) => [option, value]))).toEqual(
      Object.fromEntries(
        Object.entries(limits).map(([name, value]) => [`\`limits.${name}\``, written(value)]),
      ),
    )
  })

  it('has every other option', async () => {
    const { journal: _, limits: __, ...settings } = readOptions({ contract: shop, log: memoryLog() })
    const rows = rowsOf(await read('packages/server/README.md'), 'option', 'default')
    const told = rows
      .flatMap(([option = '']) => codesIn(option))
      .filter((name) => !name.startsWith('limits.'))
    expect(told.sort()).toEqual([...Object.keys(settings), 'logger'].sort())
  })
})

it('the default heartbeat is below all that the guide to proxies says of silent connections', async () => {
  const { heartbeat } = readOptions({ contract: shop, log: memoryLog() })
  const rows = rowsOf(await read('docs/behind-a-proxy.md'), 'on the way', 'closes a silent connection after')
  const seconds = rows.flatMap(([, told = '']) => /\d+(?= s$)/.exec(told) ?? []).map(Number)
  expect(seconds).toHaveLength(rows.length - 1)
  // One may be late, or lost.
  expect(Math.min(...seconds) * 1_000).toBeGreaterThanOrEqual(2.5 * heartbeat)
})

it('the README of the whole leads to every guide', async () => {
  const guides = (await readdir(join(root, 'docs'))).filter((name) => name.endsWith('.md'))
  const readme = await read('README.md')
  expect(guides.filter((guide) => !readme.includes(`](docs/${guide})`))).toEqual([])
})
