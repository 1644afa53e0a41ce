import { vitest } from '../lib/vitest.mjs'

export const unit = {
  name: 'unit',
  title: 'unit and property tests',
  cores: 2,
  run: (context) => vitest(context, 'unit'),
}
