/** Prints a run as it goes, and its summary at the end. */
export const reporter = {
  begun: (step) => console.log(`begin    ${step.name}: ${step.title}`),
  ended(step, { status, note, output, seconds }) {
    if (status !== 'passed' && output) console.log(`\n${output.trim()}\n`)
    console.log(`${status.padEnd(8)} ${step.name} (${seconds.toFixed(1)} s)${note ? `: ${note}` : ''}`)
  },
}

/**
 * Prints the table and, as the last line, `N passed, N failed`, with `, N skipped` where some were: every test counts,
 * and so does every step that is no test run.
 *
 * @returns whether all is well
 */
export function summarise(results) {
  const width = Math.max(...results.map(({ step }) => step.name.length))
  console.log('')
  for (const { step, status, seconds, note } of results) {
    const line = [step.name.padEnd(width), status.padEnd(8), `${seconds.toFixed(1).padStart(6)} s`, note]
    console.log(line.join('  ').trimEnd())
  }

  const total = { passed: 0, failed: 0, skipped: 0 }
  for (const { status, tests } of results) {
    if (tests) for (const key of Object.keys(total)) total[key] += tests[key]
    else total[status === 'not run' ? 'skipped' : status]++
  }
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : ''
  console.log(`\n${total.passed} passed, ${total.failed} failed${skipped}`)
  return total.failed === 0
}
