import { inRoot } from './root.mjs'

/** Calculates; from the sources, as the tests run. */
export const capacity = {
  entry: inRoot('apps/capacity/src/main.ts'),
  flags: ['--conditions=@millrace/source', '--disable-warning=ExperimentalWarning'],
}
