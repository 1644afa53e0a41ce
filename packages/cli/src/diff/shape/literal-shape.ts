import type { LiteralShape } from './shape.ts'
import { stableText } from './stable-text.ts'

export function literalShape(value: unknown): LiteralShape {
  return {
    kind: 'literal',
    value,
    text: stableText(value),
    conditions: [],
    codec: undefined,
    source: {},
    name: undefined,
    path: '',
  }
}
