import { resolveAddress } from '@millrace/contract'
import { expect, it } from 'vitest'
import { logs } from './logs.ts'

const { line } = logs.files['~channel'].events

it('carries a line to the other side as it was', () => {
  const data = { text: 'ü\0\uFFFD', level: 'warn', at: new Date(5), byte: 7, omitted: 0, earlier: false }
  const wire: unknown = JSON.parse(JSON.stringify(line?.encode(data)))
  expect(wire).toEqual({ ...data, at: '1970-01-01T00:00:00.005Z' })
  expect(line?.decode(wire, 1)).toEqual(data)
  expect(line?.encode({ ...data, at: null })).toEqual({ ...data, at: null })
})

it.each(['app.log', '/var/log/nginx/access.log', 'logs/ü *?#%.log', '..'])(
  'has a topic for the file %s',
  (file) => {
    const { address } = logs.files({ file })
    expect(resolveAddress(logs, address)).toMatchObject({ kind: 'topic', params: { file } })
  },
)

it('has no topic for a file without a name', () => {
  expect(() => logs.files({ file: '' })).toThrow()
})
