import { build } from 'esbuild'

/** What a page loads to be a test's own: a module of the sources with all that it imports, as one classic script. */
export async function pageScript(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    conditions: ['@millrace/source'],
    format: 'iife',
    platform: 'browser',
    write: false,
    logLevel: 'silent',
  })
  return outputFiles[0]?.text ?? ''
}
