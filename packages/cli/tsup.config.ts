import { defineConfig } from 'tsup'

export default defineConfig({
  entry: ['src/index.ts'],
  format: ['esm', 'cjs'],
  dts: true,
  // Deno and workers know Node's modules by `node:` alone.
  removeNodeProtocol: false,
  sourcemap: true,
  clean: true,
  target: 'es2022',
})
