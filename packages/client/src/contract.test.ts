import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

// Who imports types alone brings nothing of the contract, and so no Zod, into a page.
it.each(
  readdirSync(import.meta.dirname).filter(
    (file) => file.endsWith('.ts') && !/\.(test|test-d|fixture)\.ts$/.test(file),
  ),
)('%s knows the contract by its types alone', (file) => {
  const source = readFileSync(join(import.meta.dirname, file), 'utf8')
  const statements = source.match(/^(import|export)[^']*from '[^']*'/gm) ?? []
  const ofContract = statements.filter((statement) => statement.includes("'@millrace/contract'"))
  for (const statement of ofContract) expect(statement).toMatch(/^(import|export) type /)
  expect(source).not.toMatch(/import\s*\(|require\s*\(|from 'node:/)
})
