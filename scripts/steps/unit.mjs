import { vitest } from '../lib/vitest.mjs'

export const unit = {
  name: 'unit',
  title: 'unit and property tests',
  // It has both processors busy by itself. What runs beside it, the engines, mostly waits.
  cores: 1,
  run: (context) => vitest(context, 'unit'),
}
