import { treeState } from '../lib/git.mjs'
import { failed, notRun, passed } from '../lib/step.mjs'

export const tree = {
  name: 'tree',
  title: 'the run left the working tree as it was',
  last: true,
  async run({ treeBefore }) {
    if (treeBefore === undefined) return notRun('no git repository')
    const after = await treeState()
    return after === treeBefore ? passed() : failed(`Before:\n${treeBefore}\n\nAfter:\n${after}`)
  },
}
