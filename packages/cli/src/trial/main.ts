import { resolve } from 'node:path'
import { formatTrials } from './table.ts'
import { tryFolder } from './try-folder.ts'

const [folder] = process.argv.slice(2)
if (folder === undefined) {
  process.stderr.write('Which documents? npm run test:documents -- <folder>\n')
  process.exitCode = 2
} else {
  const trials = await tryFolder(resolve(folder))
  const color = process.stdout.isTTY === true && (process.env.NO_COLOR ?? '') === ''
  process.stdout.write(formatTrials(trials, color))
  // A document that is refused, and told why, is no fault of the import.
  process.exitCode = trials.length > 0 && trials.every(({ status }) => status !== 'failed') ? 0 : 1
}
