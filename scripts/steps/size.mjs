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
    return code === 0 ? passed(lines.join(', ')) : failed(JSON.stringify(entries, undefined, 2))
  },
}
