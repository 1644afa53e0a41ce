import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { git } from '../lib/git.mjs'
import { inRoot } from '../lib/root.mjs'
import { failed, passed } from '../lib/step.mjs'
import { workspacePackages } from '../lib/workspace.mjs'

export const papers = {
  name: 'papers',
  title: 'links lead somewhere, and what ARCHITECTURE.md names is there',
  async run() {
    const files = (await git('ls-files', '--cached', '--others', '--exclude-standard', '*.md')).split('\n')
    const documents = files.filter((file) => existsSync(inRoot(file)))
    const faults = [
      ...documents.flatMap(brokenLinks),
      ...missingSources('ARCHITECTURE.md'),
      ...workspacePackages()
        .filter(({ directory }) => !existsSync(join(directory, 'README.md')))
        .map(({ path }) => `${path} has no README.md`),
    ]
    return faults.length === 0 ? passed(`${documents.length} documents`) : failed(faults.join('\n'))
  },
}

function brokenLinks(document) {
  const targets = [...withoutCode(document).matchAll(/\]\((?!https?:)([^)#\s]+)/g)].map(
    ([, target]) => target,
  )
  return targets
    .filter((target) => !existsSync(inRoot(dirname(document), target)))
    .map((target) => `${document}: there is no ${target}`)
}

// `server/src/feed.ts` names a file from the packages on, and a bare `feed.ts` one beside the file that was named last.
function missingSources(document) {
  let folder = ''
  const faults = []
  for (const [, name] of withoutCode(document).matchAll(/`([a-z/-]+\.ts|[a-z/-]+\/)`/g)) {
    if (name.includes('/')) folder = dirname(`${name}x`)
    const file = name.includes('/') ? name : `${folder}/${name}`
    if (!existsSync(inRoot('packages', file)) && !existsSync(inRoot(file)))
      faults.push(`${document}: there is no ${file}`)
  }
  return faults
}

const withoutCode = (document) => readFileSync(inRoot(document), 'utf8').replace(/^```[\s\S]*?^```/gm, '')
