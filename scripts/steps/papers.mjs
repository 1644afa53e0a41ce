import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { git } from '../lib/git.mjs'
import { inRoot } from '../lib/root.mjs'
import { failed, passed } from '../lib/step.mjs'
import { workspacePackages } from '../lib/workspace.mjs'

export const papers = {
  name: 'papers',
  title: 'links lead somewhere, and what ARCHITECTURE.md and the hard cases name is there',
  async run() {
    const files = (await git('ls-files', '--cached', '--others', '--exclude-standard', '*.md')).split('\n')
    const documents = files.filter((file) => existsSync(inRoot(file)))
    const faults = [
      ...documents.flatMap(brokenLinks),
      ...documents.flatMap(brokenAnchors),
      ...missingSources('ARCHITECTURE.md'),
      ...missingTests('docs/hard-cases.md'),
      ...missingTests('docs/engines-in-trouble.md'),
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

function brokenAnchors(document) {
  const links = [...withoutCode(document).matchAll(/\]\((?!https?:)([^)#\s]*)#([^)\s]+)\)/g)]
  return links
    .map(([, target, anchor]) => [target === '' ? document : join(dirname(document), target), anchor])
    .filter(
      ([target, anchor]) =>
        target.endsWith('.md') && existsSync(inRoot(target)) && !anchorsOf(target).has(anchor),
    )
    .map(([target, anchor]) => `${document}: ${target} has no #${anchor}`)
}

// As GitHub makes them of headings.
function anchorsOf(document) {
  const headings = [...withoutCode(document).matchAll(/^#+ (.*)$/gm)].map(([, text]) => text)
  return new Set(
    headings.map((text) =>
      text
        .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
        .toLowerCase()
        .replace(/[^\p{L}\p{N}_\- ]/gu, '')
        .replaceAll(' ', '-'),
    ),
  )
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

// Each row of a table ends with links to files with tests, each followed by titles of tests in them: [`x.test.ts`](../x.test.ts) “one”, “another”.
function missingTests(document) {
  const rows = readFileSync(inRoot(document), 'utf8')
    .split('\n')
    .filter((line) => /^\| (?!case )/.test(line))
  return rows.flatMap((row) => {
    const held = [...row.matchAll(/\]\(([^)]+\.ts)\) (“[^”]*”(?:, “[^”]*”)*)/g)]
    if (held.length === 0) return [`${document}: no test holds ${row}`]
    return held.flatMap(([, file, titles]) => {
      const path = join(dirname(document), file)
      // That it is not there the links tell.
      const source = existsSync(inRoot(path)) ? readFileSync(inRoot(path), 'utf8') : undefined
      return [...titles.matchAll(/“([^”]*)”/g)]
        .filter(([, title]) => source !== undefined && !holds(source, title))
        .map(([, title]) => `${document}: ${path} has no test “${title}”`)
    })
  })
}

// As a whole text, however it is quoted.
const holds = (source, title) =>
  ["'", '"', '`'].some((quote) => source.includes(`${quote}${title.replaceAll(quote, `\\${quote}`)}${quote}`))

const withoutCode = (document) => readFileSync(inRoot(document), 'utf8').replace(/^```[\s\S]*?^```/gm, '')
