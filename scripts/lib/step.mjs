// What a step of `npm test` is and may answer.
//
// A step is `{ name, title, needs, cores, prepare, run }`:
//   name     what is typed to run it alone
//   title    what it promises, in a line
//   needs    steps that must have passed before (default none)
//   cores    how many of the two places it takes (default 1); what measures time or uses every core takes both
//   prepare  `() => promise`: brings programs that it needs, where they are missing (default nothing). Begun for all steps
//            at once, since it waits for the network; `run` asks again, and waits for what is under way
//   run      `(context) => result`; what it throws is a failure
//
// The context is `{ temporary, interactive, tarballs() }`: a folder that is removed at the end, and the packed packages.

/** The step holds. `note` stands beside it in the table. */
export const passed = (note = '') => ({ status: 'passed', note })

/** It does not hold; `output` says why. */
export const failed = (output, note = '') => ({ status: 'failed', note, output })

/** It could not be tried here, for the reason in `note`. Where everything must be tried (`CI=true`) that is a failure. */
export const notRun = (note, output = '') => {
  const status = process.env.CI && process.env.CI !== 'false' ? 'failed' : 'not run'
  return { status, note, output }
}

/** The answer of a program that says all with its exit code. */
export const fromProgram = ({ code, output }, note = '') => (code === 0 ? passed(note) : failed(output, note))
