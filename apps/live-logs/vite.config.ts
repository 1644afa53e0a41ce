import { defineConfig } from 'vite'

export default defineConfig({
  root: 'src/page',
  build: {
    outDir: '../../dist/page',
    emptyOutDir: true,
    target: 'es2022',
    // From these on `light-dark()` needs no stand-in.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
  },
  // `npm run dev` serves the events, this the page, each rebuilt as its files change.
  server: { proxy: { '/events': 'http://localhost:4000' } },
})
