import { inRoot } from './root.mjs'

/** Simulates the client among faults; from the sources, as the tests run. */
export const simulation = {
  entry: inRoot('packages/client/simulation/main.ts'),
  // Young objects die before they are looked at, which is a fifth of the time.
  flags: [
    '--conditions=@millrace/source',
    '--disable-warning=ExperimentalWarning',
    '--max-semi-space-size=64',
  ],
}
