import { defineConfig } from 'tsup'

export default defineConfig({
  entry: ['src/index.ts'],
  format: ['esm', 'cjs'],
  dts: true,
  treeshake: true,
  removeNodeProtocol: false,
  sourcemap: true,
  clean: true,
  target: 'es2022',
})
