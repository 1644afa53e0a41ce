// The command, as a user has it installed: from a contract that was never built, and from a document.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'

const { bin } = JSON.parse(readFileSync('node_modules/@millrace/cli/package.json', 'utf8'))
const millrace = (...args) =>
  promisify(execFile)(process.execPath, [`node_modules/@millrace/cli/${bin.millrace}`, ...args])

assert.match((await millrace('--help')).stdout, /millrace generate <contract>/)
for (const target of ['asyncapi', 'openapi', 'jsonschema', 'typescript', 'markdown', 'html', 'zod']) {
  const { stdout, stderr } = await millrace('generate', 'contract.ts', '--to', target)
  assert.match(stdout, /placed/)
  assert.equal(stderr, '')
}

await millrace('generate', 'contract.ts', '--to', 'asyncapi', '--out', 'shop.yaml')
await millrace('generate', '--from', 'shop.yaml', '--out', 'imported.ts')
await millrace('generate', 'imported.ts', '--to', 'asyncapi', '--out', 'shop.yaml', '--check')
assert.equal(
  (await millrace('diff', 'contract.ts', 'imported.ts')).stdout,
  'Verdict: none, nothing changed\n',
)
assert.match((await millrace('check', 'contract.ts', 'shop.yaml')).stdout, /^ok .+\nok .+\n$/)

const looked = (await millrace('doctor', 'events.ts')).stdout
assert.match(looked, /^events\n {2}ok {5}heartbeat .*\n {2}warn {3}processes .*\n(.*\n)*\n1 warning\n$/)
assert.equal(await millrace('doctor', 'http://127.0.0.1:1/events').catch(({ code }) => code), 1)
