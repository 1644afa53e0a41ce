import { globSync } from 'node:fs'
import { resolve } from 'node:path'
import { defineConfig } from 'vitest/config'

// Tests run on the sources of every workspace package, never on a build: each `exports` entry names its source
// under this condition. It is given three times, for what Vite transforms, for what Vite leaves to Node, and to Node.
// `import` is none of them: each knows by itself how it was asked, and Node would give a module to who requires a script.
const source = '@millrace/source'
const conditions = [source, 'node', 'development|production']
const fromSource = {
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: [source, 'node'] } },
}

const ignored = ['**/node_modules/**', '**/dist/**']
const workspace = '{packages/*,apps/*,benchmarks}'
const browserTests = `${workspace}/**/*.browser.test.ts`
const proxyTests = `${workspace}/**/*.proxy.test.ts`
const engineTests = `${workspace}/**/*.engine.test.ts`
const runtimeTests = `${workspace}/**/*.runtime.test.ts`

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
        ...fromSource,
        test: {
          name: 'unit',
          environment: 'node',
          execArgv: [`--conditions=${source}`],
          include: [`${workspace}/**/*.test.ts`],
          exclude: [...ignored, browserTests, proxyTests, engineTests, runtimeTests],
          // What searches at random needs seconds, and more of them where somebody else has the processors.
          testTimeout: 30_000,
        },
      },
      {
        ...fromSource,
        test: {
          name: 'browser',
          environment: 'node',
          execArgv: [`--conditions=${source}`],
          include: [browserTests],
          exclude: ignored,
          // One browser at a time: they measure what a person sees, and two would share one processor.
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        ...fromSource,
        test: {
          name: 'proxies',
          environment: 'node',
          execArgv: [`--conditions=${source}`],
          include: [proxyTests],
          exclude: ignored,
        },
      },
      {
        ...fromSource,
        test: {
          name: 'engines',
          environment: 'node',
          execArgv: [`--conditions=${source}`],
          include: [engineTests],
          exclude: ignored,
          // They are started, killed and frozen.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        ...fromSource,
        test: {
          name: 'runtimes',
          environment: 'node',
          execArgv: [`--conditions=${source}`],
          include: [runtimeTests],
          exclude: ignored,
          testTimeout: 60_000,
        },
      },
      ...withTypeTests.map((directory) => ({
        ...fromSource,
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
