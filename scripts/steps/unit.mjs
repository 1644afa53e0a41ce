import { vitest } from '../lib/vitest.mjs'

export const unit = {
  name: 'unit',
  title: 'unit and property tests',
  // It has both processors busy by itself.
  cores: 2,
  run: (context) => vitest(context, 'unit'),
}
