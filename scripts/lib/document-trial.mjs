import { inRoot } from './root.mjs'

/** Imports every document of a folder; it runs from the sources, as the tests do. */
export const documentTrial = {
  entry: inRoot('packages/cli/src/trial/main.ts'),
  flags: ['--conditions=@millrace/source', '--disable-warning=ExperimentalWarning'],
}
