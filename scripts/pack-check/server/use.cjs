const { exercise } = require('./exercise.cjs')

exercise({
  contract: require('@millrace/contract'),
  log: require('@millrace/log'),
  server: require('@millrace/server'),
  node: require('@millrace/server/node'),
  zod: require('zod'),
})
