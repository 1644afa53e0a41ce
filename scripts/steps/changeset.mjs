import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { git } from '../lib/git.mjs'
import { failed, notRun, passed } from '../lib/step.mjs'
import { tool } from '../lib/tool.mjs'

export const changeset = {
  name: 'changeset',
  title: 'what has changed has a changeset, and a release could be planned',
  async run({ temporary }) {
    const branch = await git('rev-parse', '--abbrev-ref', 'HEAD')
    if (branch === undefined) return notRun('no git repository')
    // The release's own branch has just used the changesets up.
    const byAction = process.env.GITHUB_HEAD_REF ?? branch
    if (byAction.startsWith('changeset-release/')) return passed('a release')

    const base = (await exists('main')) ? 'main' : (await exists('origin/main')) ? 'origin/main' : undefined
    if (base === undefined) return notRun('no branch main to compare with')

    const plan = join(temporary, 'changeset.json')
    // Given only where it must be: with it, changesets that are on main already are not looked at.
    const since = base === 'main' ? [] : [`--since=${base}`]
    const { code, output } = await tool(
      ['@changesets/cli', 'changeset'],
      ['status', `--output=${plan}`, ...since],
    )
    if (code !== 0) return failed(output)
    const { releases } = JSON.parse(readFileSync(plan, 'utf8'))
    const waiting = releases.filter(({ type }) => type !== 'none')
    return passed(`${waiting.length} packages wait for a release`)
  },
}

const exists = async (name) => (await git('rev-parse', '--verify', '--quiet', name)) !== undefined
