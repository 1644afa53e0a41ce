import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'

it('no function of others, no log and no socket ends the process, whatever it does', async () => {
  const file = fileURLToPath(new URL('./faults.fixture.ts', import.meta.url))
  const child = spawn(process.execPath, ['--conditions=@millrace/source', file])
  onTestFinished(() => void child.kill('SIGKILL'))
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  const [code] = await once(child, 'close')
  expect(output).toMatch(/^survived \d+ faults\n$/)
  expect(code).toBe(0)
})
