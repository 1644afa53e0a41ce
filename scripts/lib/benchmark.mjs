import { inRoot } from './root.mjs'

/** Measures; from the sources, as the tests run. */
export const benchmark = {
  entry: inRoot('benchmarks/src/main.ts'),
  flags: ['--conditions=@millrace/source', '--disable-warning=ExperimentalWarning'],
}
