import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

/** What a bundler makes of a module and of everything that it imports. */
export interface Bundle {
  readonly text: string
  /** The files in it. */
  readonly inputs: readonly string[]
  /** Its size minified, and compressed as servers send it. */
  readonly bytes: number
  readonly gzip: number
}

/** Bundles a module as an application would, from the sources of this workspace. */
export async function bundle(file: string): Promise<Bundle> {
  const { metafile, outputFiles } = await build({
    entryPoints: [file],
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    write: false,
    metafile: true,
    conditions: ['@millrace/source'],
    logLevel: 'silent',
  })
  const [output] = outputFiles
  if (output === undefined) throw new Error('there is no output')
  return {
    text: output.text,
    inputs: Object.keys(metafile.inputs),
    bytes: output.contents.byteLength,
    gzip: gzipSync(output.contents).byteLength,
  }
}
