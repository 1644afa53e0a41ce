import { existsSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { root } from './root.mjs'
import { failed } from './step.mjs'
import { tool } from './tool.mjs'

/**
 * Runs some vitest projects, without the files of some patterns.
 *
 * @returns a step's result with `tests`: how many passed, failed and were skipped. A file that could not be loaded, and
 * an error outside any test, count as one failed test, since nothing else would tell of them.
 */
export async function vitest(context, project, environment = {}, excluded = []) {
  const report = join(context.temporary, `vitest-${project.replace(/\W/g, '')}.json`)
  const { code, output } = await tool(
    'vitest',
    [
      'run',
      `--project=${project}`,
      '--passWithNoTests',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ],
    // As a flag it would not hold for a project.
    { environment: { ...environment, MILLRACE_EXCLUDED: excluded.join('\n') } },
  )
  if (!existsSync(report)) return failed(output)

  const { testResults } = JSON.parse(readFileSync(report, 'utf8'))
  const tests = { passed: 0, failed: 0, skipped: 0 }
  for (const { assertionResults, status } of testResults) {
    let failedHere = 0
    for (const test of assertionResults) {
      if (test.status === 'passed') tests.passed++
      else if (test.status === 'failed') failedHere++
      else tests.skipped++
    }
    tests.failed += failedHere === 0 && status === 'failed' ? 1 : failedHere
  }
  if (code !== 0 && tests.failed === 0) tests.failed = 1

  return { status: tests.failed === 0 ? 'passed' : 'failed', note: noteOn(tests, testResults), output, tests }
}

function noteOn(tests, testResults) {
  const files = new Set(testResults.map(({ name }) => relative(root, name))).size
  const counts = [`${tests.passed} passed`]
  if (tests.failed > 0) counts.push(`${tests.failed} failed`)
  if (tests.skipped > 0) counts.push(`${tests.skipped} skipped`)
  return `${counts.join(', ')} in ${files} ${files === 1 ? 'file' : 'files'}`
}
