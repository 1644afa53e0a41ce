// `npm test [-- steps…]`: everything that must hold, from a fresh clone.
import './lib/node-floor.mjs'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { treeState } from './lib/git.mjs'
import { reporter, summarise } from './lib/report.mjs'
import { schedule } from './lib/schedule.mjs'
import { setUp } from './lib/set-up.mjs'
import { runMain, SetUpError } from './lib/set-up-error.mjs'
import { packAll } from './lib/tarballs.mjs'
import { steps } from './steps/index.mjs'

await runMain(async () => {
  const names = process.argv.slice(2)
  if (names.includes('--help') || names.includes('-h')) return console.log(usage())

  const chosen = choose(names)
  const temporary = mkdtempSync(join(tmpdir(), 'millrace-test-'))
  process.on('exit', () => rmSync(temporary, { recursive: true, force: true }))

  let tarballs
  const context = {
    temporary,
    treeBefore: await treeState(),
    tarballs() {
      tarballs ??= packAll(join(temporary, 'tarballs'))
      return tarballs
    },
  }
  try {
    await setUp()
  } catch (error) {
    console.error(error instanceof SetUpError ? error.message : error)
    console.log('\n0 passed, 1 failed')
    process.exitCode = 1
    return
  }
  // What becomes of it is told by the step.
  for (const { prepare } of chosen) prepare?.().catch(() => {})
  const results = await schedule(chosen, context, reporter)
  // Not `process.exit`: what is still to be written to a pipe would be lost.
  process.exitCode = summarise(results) ? 0 : 1
})

/** The steps of those names and what they need; all of them for no name. */
function choose(names) {
  const wanted = new Set()
  const add = (name) => {
    const step = steps.find((step) => step.name === name)
    if (!step) throw new SetUpError(`There is no step ${name}.\n\n${usage()}`)
    for (const need of step.needs ?? []) add(need)
    wanted.add(step)
  }
  for (const name of names.length > 0 ? names : steps.map((step) => step.name)) add(name)
  return steps.filter((step) => wanted.has(step))
}

function usage() {
  const width = Math.max(...steps.map(({ name }) => name.length))
  const lines = steps.map(({ name, title }) => `  ${name.padEnd(width)}  ${title}`)
  return `npm test [-- steps…]\n\nEvery step, or only those named and what they need:\n\n${lines.join('\n')}`
}
