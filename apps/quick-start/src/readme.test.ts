import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const read = (...path: string[]) => readFile(join(import.meta.dirname, '..', ...path), 'utf8')

it.each(['shop.ts', 'server.ts', 'client.ts'])('%s stands in the README as it is', async (file) => {
  const readme = await read('../../README.md')
  expect(readme).toContain(`\`\`\`ts\n${(await read('src', file)).trim()}\n\`\`\`\n`)
})
