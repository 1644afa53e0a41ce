import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { versionOf } from '../machine.ts'
import { type Bundle, bundles } from './bundles.ts'

// `npm run size`: what a page loads for each client, written to docs/size.md. Ours is the build that is there.

const packages = new URL('../../../packages/', import.meta.url)
const page = new URL('../../../docs/size.md', import.meta.url)

// An entry of ours that has no row yet would be left out in silence.
const manifest = JSON.parse(readFileSync(new URL('client/package.json', packages), 'utf8'))
const own = Object.keys(manifest.exports).filter((name) => name !== './package.json')
for (const name of own) {
  const entry = `@millrace/client${name.slice(1)}`
  if (!bundles.some(({ source }) => source.includes(`'${entry}'`))) throw new Error(`${entry} has no row`)
}
if (
  !existsSync(new URL('client/dist', packages)) ||
  readdirSync(new URL('client/dist', packages)).length === 0
) {
  throw new Error('The packages were not built: npm run build')
}

const rows = await Promise.all(
  bundles.map(async (bundle) => {
    const bytes = await bundled(bundle)
    const versions = bundle.packages.map(versionOf).join(', ')
    const cells = [bytes, gzipSync(bytes, { level: 9 }), brotliCompressSync(bytes)].map(({ length }) =>
      (length / 1000).toFixed(1),
    )
    return `| ${bundle.title} | ${versions} | ${cells.join(' | ')} |`
  }),
)
writeFileSync(page, pageOf(rows))
console.log(rows.join('\n'))

async function bundled({ source }: Bundle): Promise<Uint8Array> {
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: import.meta.dirname },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    write: false,
    logLevel: 'silent',
  })
  return outputFiles[0]?.contents ?? new Uint8Array()
}

function pageOf(rows: readonly string[]): string {
  return `# Size

<!-- Written by \`npm run size\`; what is changed here by hand is lost with the next run. -->

What a page loads for a client of each kind, all that it depends on included: bundled and minified by esbuild ${versionOf('esbuild')} for browsers, in kB (1,000 bytes).
${new Date().toISOString().slice(0, 10)}.

| | version | minified | gzip | brotli |
|---|---|---|---|---|
${rows.join('\n')}

Zod and the contract are in none of them: \`@millrace/client\` knows the contract by its types, and so does tRPC's. What a contract adds depends on it, and one that the command line
writes adds no Zod ([the client's README](../packages/client/README.md)). What our own builds may grow to is held by \`npm test -- size\`.
`
}
