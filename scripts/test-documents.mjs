// `npm run test:documents -- <folder>`: imports every AsyncAPI, OpenAPI and JSON Schema document of a folder, checks the types of
// the contracts that come of it, and decodes the documents' own examples with them.
import './lib/node-floor.mjs'
import { documentTrial } from './lib/document-trial.mjs'
import { handOver } from './lib/hand-over.mjs'
import { setUp } from './lib/set-up.mjs'
import { runMain } from './lib/set-up-error.mjs'

await runMain(async () => {
  await setUp()
  const { entry, flags } = documentTrial
  // The folder is named from where the user stands.
  handOver(entry, process.argv.slice(2), { directory: process.env.INIT_CWD ?? process.cwd(), flags })
})
