import { inRoot } from './root.mjs'

/** Tries random inputs; it runs from the sources, as the tests do. */
export const fuzz = {
  entry: inRoot('scripts/lib/fuzz-run.mjs'),
  flags: ['--conditions=@millrace/source', '--disable-warning=ExperimentalWarning'],
}
