// Brotli, as esbuild bundles it for a browser. Limits are what a reader was promised, not what happens to fit today.
export default [
  {
    name: '@millrace/client: the client itself',
    path: 'packages/client/dist/index.js',
    import: '{ createEventClient }',
    ignore: ['@millrace/protocol'],
    limit: '7.1 kB',
  },
  {
    name: '@millrace/client: all that a page loads, with the parser and the wire of @millrace/protocol',
    path: 'packages/client/dist/index.js',
    import: '{ createEventClient }',
    limit: '9.6 kB',
  },
  {
    name: '@millrace/client/stream: the smallest useful import itself',
    path: 'packages/client/dist/stream.js',
    import: '{ streamEvents }',
    ignore: ['@millrace/protocol'],
    limit: '3 kB',
  },
  {
    name: '@millrace/client/polling: what it adds',
    path: 'packages/client/dist/polling.js',
    import: '{ longPolling }',
    limit: '0.5 kB',
  },
  {
    name: '@millrace/client/eventsource: all that a page loads, with the parser',
    path: 'packages/client/dist/eventsource.js',
    import: '{ EventSource }',
    limit: '5 kB',
  },
  {
    name: '@millrace/client/state: its own code',
    path: 'packages/client/dist/state.js',
    import: '{ state }',
    ignore: ['@millrace/protocol'],
    limit: '2 kB',
  },
  {
    name: '@millrace/client/storage: its own code',
    path: 'packages/client/dist/storage.js',
    import: '{ cursorStorage, indexedDbStore }',
    ignore: ['@millrace/protocol'],
    limit: '2.6 kB',
  },
  {
    name: '@millrace/client/share: with the client itself',
    path: ['packages/client/dist/index.js', 'packages/client/dist/share.js'],
    import: {
      'packages/client/dist/index.js': '{ createEventClient }',
      'packages/client/dist/share.js': '{ acrossTabs }',
    },
    ignore: ['@millrace/protocol'],
    limit: '10.8 kB',
  },
  {
    name: '@millrace/protocol: all of it',
    path: 'packages/protocol/dist/index.js',
    import: '*',
    limit: '4.4 kB',
  },
]
