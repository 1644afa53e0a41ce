const { exercise } = require('./exercise.cjs')

exercise(require('@millrace/client'), require('@millrace/client/eventsource'))
