import { defineConfig } from 'tsup'

export default defineConfig({
  entry: ['src/server/main.ts'],
  outDir: 'dist/server',
  format: ['esm'],
  clean: true,
  target: 'es2022',
})
