// Brotli, as esbuild bundles it for a browser. Limits are what a reader was promised, not what happens to fit today.
export default [
  {
    name: '@millrace/client',
    path: 'packages/client/dist/index.js',
    import: '*',
    limit: '6 kB',
  },
  {
    name: '@millrace/protocol',
    path: 'packages/protocol/dist/index.js',
    import: '*',
    limit: '4 kB',
  },
]
