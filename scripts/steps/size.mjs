import { readFileSync } from 'node:fs'
import { inRoot } from '../lib/root.mjs'
import { failed, passed } from '../lib/step.mjs'
import { tool } from '../lib/tool.mjs'

export const size = {
  name: 'size',
  title: 'size limits',
  needs: ['build'],
  async run() {
    const { code, output, stdout } = await tool('size-limit', ['--json'])
    let entries
    try {
      entries = JSON.parse(stdout)
    } catch {
      return failed(output)
    }
    if (!Array.isArray(entries)) return failed(output)
    const lines = entries.map(({ name, size }) => `${name} ${(size / 1000).toFixed(2)} kB`)
    if (code !== 0) return failed(JSON.stringify(entries, undefined, 2))
    const stale = staleFigures(entries)
    return stale.length === 0 ? passed(lines.join(', ')) : failed(stale.join('\n'))
  },
}

/** A figure in a page may be this far from what was measured: it was rounded, and a fault that is mended need not change it. */
const tolerance = 150

/** What pages say of the client's size that no longer holds: its own is measured first, and then that of all that a page loads. */
function staleFigures([{ size: own }, { size: page }]) {
  const told = [
    ['README.md', /subscribes; ([\d.]+) kB/, own, 'write what is printed here'],
    ['README.md', /subscribes; .* and ([\d.]+) kB/, page - own, 'write what is printed here'],
    ['docs/size.md', /^\| `@millrace\/client`, .* ([\d.]+) \|$/m, page, 'npm run size'],
  ]
  return told.flatMap(([file, pattern, measured, cure]) => {
    const figure = pattern.exec(readFileSync(inRoot(file), 'utf8'))?.[1]
    if (Math.abs(Number(figure) * 1_000 - measured) <= tolerance) return []
    return [`${file} says ${figure} kB, and it is ${(measured / 1_000).toFixed(1)} kB: ${cure}`]
  })
}
