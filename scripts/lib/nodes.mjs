import { inRoot } from './root.mjs'

/** Two servers among faults; from the sources, as the tests run. */
export const nodes = {
  entry: inRoot('apps/nodes/src/main.ts'),
  flags: ['--conditions=@millrace/source', '--disable-warning=ExperimentalWarning'],
}
