import { registerHooks } from 'node:module'

// Loaded before an example: makes it import Express 4.
registerHooks({
  resolve: (specifier, context, next) => next(specifier === 'express' ? 'express-4' : specifier, context),
})
