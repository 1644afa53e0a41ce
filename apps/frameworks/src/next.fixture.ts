import { cp, mkdir, symlink, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { type Running, runToEnd, start } from './run.fixture.ts'

const own = join(import.meta.dirname, '..')

/** Builds the application in a folder, because Next.js writes beside it, and serves it. */
export async function startNext(folder: string): Promise<Running> {
  const application = join(folder, 'src/next')
  await mkdir(application, { recursive: true })
  await cp(join(own, 'src/next'), application, { recursive: true })
  await cp(join(own, 'src/shop.ts'), join(folder, 'src/shop.ts'))
  await symlink(join(own, 'node_modules'), join(folder, 'node_modules'))
  await writeFile(join(application, 'package.json'), '{ "type": "module" }\n')
  await writeFile(join(application, 'next.config.mjs'), settings(application))
  // `CI` keeps it from installing anything. The last two are not to be those of a test runner.
  const environment = {
    CI: 'true',
    NEXT_TELEMETRY_DISABLED: '1',
    NODE_ENV: 'production',
    NODE_OPTIONS: '',
  }
  const next = join(own, 'node_modules/next/dist/bin/next')
  await runToEnd(process.execPath, [next, 'build'], { directory: application, environment })
  return start(process.execPath, [next, 'start'], { directory: application, environment })
}

// Only to build from the sources of this workspace, and soon. An application needs none of it.
function settings(application: string): string {
  const names = ['contract', 'log', 'protocol', 'server']
  const sources = names.map((name) => {
    const source = join(own, '../../packages', name, 'src/index.ts')
    return [`@millrace/${name}`, relative(application, source)] as const
  })
  return `export default ${JSON.stringify({
    typescript: { ignoreBuildErrors: true },
    experimental: { turbopackMinify: false, turbopackSourceMaps: false, serverSourceMaps: false },
    outputFileTracingRoot: '/',
    turbopack: { root: '/', resolveAlias: Object.fromEntries(sources) },
  })}\n`
}
