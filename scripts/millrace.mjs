// `npm run millrace -- …`: the command-line tool, built from this checkout.
import './lib/node-floor.mjs'
import { handOver } from './lib/hand-over.mjs'
import { inRoot } from './lib/root.mjs'
import { setUp } from './lib/set-up.mjs'
import { runMain } from './lib/set-up-error.mjs'

await runMain(async () => {
  await setUp('@millrace/cli...')
  // npm goes to the root before it runs a script; the files named on the command line are where the user stands.
  handOver(inRoot('packages/cli/dist/main.js'), process.argv.slice(2), {
    directory: process.env.INIT_CWD ?? process.cwd(),
  })
})
