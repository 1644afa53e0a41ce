import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCertificate } from '../../frameworks/src/certificate.fixture.ts'
import { frameEntry, pageEntry, processEntry, webWorkerEntry, workersEntry } from './entries.fixture.ts'
import { Lab, type LabFile } from './lab.fixture.ts'
import { createRunFolder, endAll, type Runtime, runtimes } from './runtimes.fixture.ts'
import { names, type Outcome, pageNames, workerNames } from './suite.ts'

// The published build of the client, bundled once with the suite, in every runtime: the bytes are the same for all.

/** Runs at the same time: more would only wait for each other's processors. */
const places = 3

/** How long one of them may take, in milliseconds. */
const longestRun = 50_000

// What is missing is told by its name; where everything must have been tried, it fails.
const skipped = ({ program }: Runtime) => program === undefined && process.env.CI === undefined

const certificate = createCertificate()
const transports = [
  { over: 'HTTP/1.1', certificate: undefined },
  { over: 'TLS, and HTTP/2 where it speaks it', certificate },
]
// Workers of a page share its network, so that one of the two is enough for them.
const cases = runtimes.flatMap((runtime) =>
  transports
    .filter(({ certificate }) => certificate !== undefined || runtime.is !== 'a web worker')
    .map((transport) => ({ ...runtime, ...transport })),
)

let folder: string
const files = new Map<string, LabFile>()
const outcomes = new Map<string, Promise<readonly Outcome[]>>()

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-runtimes-'))
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, 'suite.ts')],
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    write: false,
    logLevel: 'silent',
  })
  const suite = outputFiles[0]?.text ?? ''
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }\n')
  await writeFile(join(folder, 'suite.js'), suite)
  await writeFile(join(folder, 'process.js'), processEntry)
  await writeFile(join(folder, 'workers.js'), workersEntry)
  const type = 'text/javascript; charset=utf-8'
  files.set('/suite.js', { type, text: suite })
  files.set('/worker.js', { type, text: webWorkerEntry })
  files.set('/frame', { type: 'text/html; charset=utf-8', text: frameEntry })
  files.set('/page', { type: 'text/html; charset=utf-8', text: pageEntry })

  const waiting = cases
    .filter((entry) => !skipped(entry))
    .map((entry) => {
      let begin = () => {}
      const begun = new Promise<void>((resolve) => {
        begin = resolve
      })
      const running = begun.then(() => runIn(entry))
      // The tests of that runtime tell of it.
      running.catch(() => {})
      outcomes.set(keyOf(entry), running)
      return { begin, running }
    })
  const startNext = () => {
    const next = waiting.shift()
    next?.begin()
    next?.running.then(startNext, startNext)
  }
  for (let place = 0; place < places; place += 1) startNext()
})
afterAll(async () => {
  await endAll()
  await rm(folder, { recursive: true, force: true })
})

const keyOf = ({ name, over }: { readonly name: string; readonly over: string }) => `${name} ${over}`

async function runIn({
  program = '',
  run,
  certificate,
}: (typeof cases)[number]): Promise<readonly Outcome[]> {
  if (program === '') throw new Error('It is not installed')
  const lab = await Lab.start(certificate, files)
  try {
    const own = await createRunFolder(folder, certificate)
    const outcome = run(program, { lab, folder: own, certificate })
    // What is told of it is that, and not a test that took too long.
    outcome.catch(() => {})
    const late = wait(longestRun, undefined, { ref: false }).then(() => {
      throw new Error('It has told nothing')
    })
    return JSON.parse(await Promise.race([outcome, late]))
  } finally {
    await lab.stop()
  }
}

const namesOf = ({ is }: Runtime) => [
  ...names,
  ...(is ? workerNames : []),
  ...(is === 'a page' ? pageNames : []),
]

describe.each(cases)('$name over $over', (entry) => {
  it.skipIf(skipped(entry)).each(namesOf(entry))('%s', async (name) => {
    const found = await outcomes.get(keyOf(entry))
    const outcome = found?.find((outcome) => outcome.name === name)
    expect(outcome, JSON.stringify(found)).toBeDefined()
    expect(outcome?.fault).toBeUndefined()
  })
})
