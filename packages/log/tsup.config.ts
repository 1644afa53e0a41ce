import { defineConfig } from 'tsup'

export default defineConfig({
  entry: ['src/index.ts', 'src/conformance.ts', 'src/engine.ts'],
  format: ['esm', 'cjs'],
  dts: true,
  // One copy of each class for all entries, in CommonJS too, so that `instanceof` holds between them. With `treeshake`
  // Rollup writes the CommonJS; what does it otherwise loses the source maps and rewrites `?.` and `??`.
  splitting: true,
  treeshake: true,
  // Deno and workers know Node's modules by `node:` alone.
  removeNodeProtocol: false,
  sourcemap: true,
  clean: true,
  target: 'es2022',
})
