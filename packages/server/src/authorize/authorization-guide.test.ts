import { expect, it } from 'vitest'
import { compileExamples, readExamples } from '../fixtures/guide.fixture.ts'

const guide = 'authorization.md'

it('the examples of the guide compile, as strictly as our own code', async () => {
  const examples = await readExamples(guide)
  expect([...examples.keys()]).toEqual(['server.ts', 'tokens.ts', 'client.ts', 'revoking.ts'])
  expect(await compileExamples(guide, examples)).toBe('')
})
