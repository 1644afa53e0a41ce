import { build } from 'esbuild'
import { expect, it } from 'vitest'

const contract = `
  import * as z from 'zod/mini'
  import { channel, defineContract, event, isoDate } from './index.ts'
  export const shop = defineContract({
    name: 'shop',
    version: '1.2.0',
    channels: {
      orders: channel('orders/{orderId}', {
        params: { orderId: z.uuid() },
        events: {
          placed: z.object({ total: z.number(), at: isoDate }),
          shipped: event(z.object({ carrier: z.string() }), { version: 2, upgrade: { 1: (old) => ({ carrier: old.by }) } }),
        },
      }),
    },
  })`

async function bundle(contents: string, options: { packages?: 'external' } = {}) {
  const { outputFiles, metafile } = await build({
    stdin: { contents, loader: 'ts', resolveDir: import.meta.dirname },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    write: false,
    ...options,
    metafile: true,
  })
  const [output] = outputFiles ?? []
  return {
    bytes: output?.contents.byteLength,
    text: output?.text,
    inputs: metafile.inputs,
    outputs: metafile.outputs,
  }
}

it('brings the core of Zod along and nothing else', async () => {
  const { outputs } = await bundle(`export * from './index.ts'`, { packages: 'external' })
  const imports = Object.values(outputs).flatMap((output) => output.imports)
  expect(new Set(imports.map(({ path }) => path))).toEqual(new Set(['zod/v4/core']))
})

it.each(['index.ts', 'plain.ts'])('needs no runtime of its own: %s', async (entry) => {
  const { text } = await bundle(`export * from './${entry}'`, { packages: 'external' })
  expect(text).not.toMatch(/\b(process|Buffer|require|setTimeout|setInterval|setImmediate|fetch|window)\b/)
})

// As the README says.
it('leaves a contract in Zod Mini small', async () => {
  const { bytes, inputs } = await bundle(contract)
  expect(Object.keys(inputs).filter((file) => /zod\/v4\/classic|zod\/v3/.test(file))).toEqual([])
  expect(bytes).toBeLessThan(33_000)
})
