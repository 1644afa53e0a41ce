import { globSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { defineConfig } from 'vitest/config'

const common = {
  environment: 'node',
  // Tests run on the sources of every workspace package, never on a build: each `exports` entry names its source under
  // this condition. Node reads them by itself, as it does for whoever runs them; Vite's own way of running modules costs
  // a start, and then each use of an import.
  execArgv: ['--conditions=@millrace/source'],
  experimental: { viteModuleRunner: false, nodeLoader: false },
  // How long something may take matters only where it never comes to an end, and whoever runs the tests may have other
  // things to do. So no test has a limit of its own.
  testTimeout: 120_000,
  hookTimeout: 120_000,
  expect: { poll: { timeout: 60_000, interval: 20 } },
}

// What a step of `npm test` cannot try here comes with it.
const untried = (process.env.MILLRACE_EXCLUDED ?? '').split('\n').filter(Boolean)
const ignored = ['**/node_modules/**', '**/dist/**', ...untried]
const workspace = '{packages/*,apps/*,benchmarks}'
const browserTests = `${workspace}/**/*.browser.test.ts`
const proxyTests = `${workspace}/**/*.proxy.test.ts`
const engineTests = `${workspace}/**/*.engine.test.ts`
const namedEngineTests = `${workspace}/**/*.named-engine.test.ts`
const runtimeTests = `${workspace}/**/*.runtime.test.ts`

// Those of an engine that is there already are there where somebody names one.
const { MILLRACE_REDIS_URL, MILLRACE_NATS_URL, MILLRACE_POSTGRES_URL, MILLRACE_KAFKA_BROKERS } = process.env
const namedEngines = {
  'log-redis': MILLRACE_REDIS_URL,
  'log-nats': MILLRACE_NATS_URL,
  'log-postgres': MILLRACE_POSTGRES_URL,
  'log-kafka': MILLRACE_KAFKA_BROKERS,
}
const testsOfNamedEngines = Object.entries(namedEngines)
  .filter(([, place]) => place)
  .map(([name]) => `packages/${name}/src/*.named-engine.test.ts`)

// A package's type tests are checked under its own tsconfig, so they see its libraries and its dependencies, no others.
// A checker is started for each, hence only for the packages that have some.
const root = import.meta.dirname
const withTypeTests = [
  ...new Set(
    globSync(`${workspace}/**/*.test-d.ts`, { cwd: root, exclude: ignored }).map((file) =>
      file.split(/[\\/]/).slice(0, 2).join('/'),
    ),
  ),
].sort()

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...common,
          name: 'unit',
          include: [`${workspace}/**/*.test.ts`],
          exclude: [...ignored, browserTests, proxyTests, engineTests, namedEngineTests, runtimeTests],
          // Each process runs many files, since its start and their imports cost more than the tests. Whatever a test
          // changes in what a process shares (timers, globals, the environment) it puts back, hence.
          isolate: false,
          // Some wait while others reckon.
          maxWorkers: Math.ceil(availableParallelism() * 1.5),
          // Projects that differ in how many processes they may have do not run at once.
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...common,
          name: 'browser',
          include: [browserTests],
          exclude: ignored,
          // One browser at a time: they measure what a person sees, and two would share one processor.
          fileParallelism: false,
        },
      },
      {
        test: {
          ...common,
          name: 'proxies',
          include: [proxyTests],
          exclude: ignored,
        },
      },
      {
        test: {
          ...common,
          name: 'engines',
          include: [engineTests, ...testsOfNamedEngines],
          exclude: ignored,
          // They mostly wait, also where there is one processor.
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          ...common,
          name: 'runtimes',
          include: [runtimeTests],
          exclude: ignored,
        },
      },
      ...withTypeTests.map((directory) => ({
        root: resolve(root, directory),
        test: {
          name: `types:${directory.slice(directory.lastIndexOf('/') + 1)}`,
          include: [],
          typecheck: {
            enabled: true,
            only: true,
            checker: 'tsc' as const,
            tsconfig: 'tsconfig.json',
            include: ['**/*.test-d.ts'],
            exclude: ignored,
            // Faults outside the tests are found, and told once, by the types of each package (`turbo run types`).
            ignoreSourceErrors: true,
            spawnTimeout: 60_000,
          },
        },
      })),
    ],
  },
})
