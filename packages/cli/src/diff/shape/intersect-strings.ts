import type { StringShape } from './shape.ts'

/** The strings that fit both. */
export function intersectStrings(a: StringShape, b: StringShape): StringShape {
  return {
    ...b,
    minimum: Math.max(a.minimum, b.minimum),
    maximum: Math.min(a.maximum, b.maximum),
    patterns: [...new Set([...a.patterns, ...b.patterns])].sort(),
    formats: [...new Set([...a.formats, ...b.formats])].sort(),
  }
}
