import { failed, passed } from '../lib/step.mjs'
import { tool } from '../lib/tool.mjs'
import { publicPackages } from '../lib/workspace.mjs'

export const publint = {
  name: 'publint',
  title: 'package.json of each public package (publint)',
  needs: ['build'],
  run: (context) =>
    eachTarball(context, publicPackages(), (file) => tool('publint', ['run', file, '--strict'])),
}

export const attw = {
  name: 'attw',
  title: 'types of each export (are the types wrong)',
  needs: ['build'],
  run: (context) =>
    // A package that is a command only has no types to get wrong.
    eachTarball(
      context,
      publicPackages().filter(({ manifest }) => manifest.main !== undefined),
      (file) =>
        tool(
          ['@arethetypeswrong/cli', 'attw'],
          // The profile leaves out the resolution of Node 10, which knows no `exports` and so never finds a second entry.
          // TypeScript 6 deprecates it, TypeScript 7 no longer has it, and the packages need Node 20.19.
          [file, '--profile', 'node16', '--format', 'ascii', '--no-emoji', '--no-color'],
        ),
    ),
}

async function eachTarball(context, packages, check) {
  const outputs = []
  const tarballs = await context.tarballs()
  for (const { name } of packages) {
    const { code, output } = await check(tarballs.get(name))
    if (code !== 0) outputs.push(output)
  }
  const note = `${packages.length} packages`
  return outputs.length === 0 ? passed(note) : failed(outputs.join('\n'), note)
}
