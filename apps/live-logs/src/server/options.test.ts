import { expect, it } from 'vitest'
import { parseOptions, UsageError } from './options.ts'

it('has defaults', () => {
  expect(parseOptions([], {})).toEqual({ help: false, files: [], host: 'localhost', port: 4000, lines: 200 })
})

it('takes files between options, and the port from the environment', () => {
  expect(parseOptions(['a.log', '--lines', '5', '--host', '0.0.0.0', '*.txt'], { PORT: '81' })).toEqual({
    help: false,
    files: ['a.log', '*.txt'],
    host: '0.0.0.0',
    port: 81,
    lines: 5,
  })
  expect(parseOptions(['-p', '82'], { PORT: '81' }).port).toBe(82)
})

it.each([[['--port', '70000']], [['--port', 'http']], [['--lines', '-1']], [['--prot', '1']]])(
  'refuses %s',
  (args) => {
    expect(() => parseOptions(args, {})).toThrow(UsageError)
  },
)
