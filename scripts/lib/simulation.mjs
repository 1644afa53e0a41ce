import { inRoot } from './root.mjs'

/** Simulates the client among faults; from the sources, as the tests run. */
export const simulation = {
  entry: inRoot('packages/client/simulation/main.ts'),
  flags: ['--conditions=@millrace/source', '--disable-warning=ExperimentalWarning'],
}
