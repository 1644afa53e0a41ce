// `[--runs <count>] [--seed <number>] [--only <name>]`: without any of them all is tried, and docs/fuzz.md written.
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import * as fc from 'fast-check'
import { cursors } from '../../packages/protocol/src/fuzz/cursor-fuzz.fixture.ts'
import { frames } from '../../packages/protocol/src/fuzz/frame-fuzz.fixture.ts'
import { bodies, queries } from '../../packages/protocol/src/fuzz/request-fuzz.fixture.ts'
import { answerFuzz } from '../../packages/server/src/request/answer-fuzz.fixture.ts'
import { inRoot } from './root.mjs'

const million = 1_000_000

// A whole server is asked less often: each answer is a stream that has to begin and to end.
const answers = { ...answerFuzz(), share: 0.1 }
const targets = [frames, cursors, queries, bodies, answers]

// So many in one go: what failed is found again without all that went before.
const step = 100_000

const { values } = parseArgs({
  options: { runs: { type: 'string' }, seed: { type: 'string' }, only: { type: 'string' } },
})
const runs = wholeNumber('runs', values.runs ?? `${million}`)
const seed = wholeNumber('seed', values.seed ?? `${Math.floor(Math.random() * 2 ** 31)}`)
const chosen = targets.filter(({ name }) => name === (values.only ?? name))
if (chosen.length === 0) {
  console.error(`There is no ${values.only}; there are ${targets.map(({ name }) => name).join(', ')}`)
  process.exit(2)
}

console.log(`seed ${seed}`)
const results = []
for (const target of chosen) results.push(await tryOut(target))
await answers.finish?.()
if (process.exitCode === undefined && values.only === undefined && runs >= million) {
  writeFileSync(inRoot('docs/fuzz.md'), page(results))
  console.log('docs/fuzz.md is written')
}

async function tryOut({ name, title, property, share = 1 }) {
  // Asked for by name, it gets all of them: that is how a failure is looked at again.
  const count = values.only === undefined ? Math.ceil(runs * share) : runs
  const begin = performance.now()
  for (let done = 0; done < count; done += step) {
    const own = seed + done / step
    const size = Math.min(step, count - done)
    const details = await fc.check(property, { seed: own, numRuns: size })
    if (details.failed) {
      console.error(`${name}: ${await fc.asyncDefaultReportMessage(details)}`)
      console.error(`\nOnce more: npm run test:fuzz -- --only ${name} --runs ${size} --seed ${own}`)
      process.exitCode = 1
      return undefined
    }
  }
  const seconds = (performance.now() - begin) / 1000
  console.log(`${name}: ${count.toLocaleString('en')} inputs in ${seconds.toFixed(1)} s`)
  return { name, title, count, seconds }
}

function page(tried) {
  const rows = tried.map(
    ({ name, title, count, seconds }) =>
      `| ${name} | ${title} | ${count.toLocaleString('en')} | ${seconds.toFixed(0)} s |`,
  )
  const day = new Date().toISOString().slice(0, 10)
  return `# Random inputs

What reads and writes the wire is tried with inputs that nobody would think of: texts that look like frames, cursors with a character too many, JSON that
breaks off. \`npm test\` tries each of these with 10,000 or more, another choice each time. \`npm run test:fuzz\` tries a million, and writes this page.
After a failure it names the smallest input that it found, and the seed that finds it again.

| | what has to hold | inputs | time |
|---|---|---|---|
${rows.join('\n')}

None failed. Seed ${seed}, ${day}, Node ${process.versions.node}, fast-check ${fc.__version}.

The parsers that frames are held against are the standard's own words
([parser-oracle.fixture.ts](../packages/protocol/src/parser-oracle.fixture.ts)), ours, and eventsource-parser.
`
}

function wholeNumber(name, text) {
  const value = Number(text)
  if (Number.isSafeInteger(value) && value >= 0) return value
  console.error(`--${name} must be a whole number, not ${text}`)
  process.exit(2)
}
