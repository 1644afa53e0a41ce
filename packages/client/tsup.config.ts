import { defineConfig } from 'tsup'

export default defineConfig({
  entry: [
    'src/index.ts',
    'src/each.ts',
    'src/eventsource.ts',
    'src/polling.ts',
    'src/share.ts',
    'src/state.ts',
    'src/storage.ts',
    'src/stream.ts',
  ],
  format: ['esm', 'cjs'],
  dts: true,
  // One copy of each class for both entries, in CommonJS too, so that `instanceof` holds between them. With `treeshake`
  // Rollup writes the CommonJS; what does it otherwise loses the source maps and rewrites `?.` and `??`.
  splitting: true,
  // It also bundles what the client imports of a package in one statement.
  treeshake: true,
  sourcemap: true,
  clean: true,
  target: 'es2022',
})
