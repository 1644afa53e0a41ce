import { inRoot } from './root.mjs'

/** Measures logs beside their engines; from the sources, as the tests run. */
export const engineBenchmark = {
  entry: inRoot('benchmarks/src/engines/main.ts'),
  flags: ['--conditions=@millrace/source', '--disable-warning=ExperimentalWarning'],
}
