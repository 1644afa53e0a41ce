import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'
import { type Running, start } from './run.fixture.ts'

/** Bundles the worker into a folder, without anything of Node's, and serves it with workerd. */
export async function startWorker(workerd: string, folder: string): Promise<Running> {
  await build({
    entryPoints: [join(import.meta.dirname, 'workers.ts')],
    outfile: join(folder, 'workers.js'),
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['@millrace/source', 'workerd'],
    external: ['cloudflare:workers'],
    logLevel: 'silent',
  })
  const settings = join(folder, 'workers.capnp')
  await copyFile(join(import.meta.dirname, 'workers.capnp'), settings)
  // It writes its port there.
  return start(workerd, ['serve', settings, '--control-fd=1'])
}
