import type { Alternative } from './shape.ts'

/** Whether every value of its JSON type fits an alternative. */
export function isPlain(alternative: Alternative): boolean {
  if (alternative.conditions.length > 0) return false
  switch (alternative.kind) {
    case 'literal':
      return alternative.value === null
    case 'number':
      return (
        !alternative.integer &&
        alternative.minimum.value === -Infinity &&
        alternative.maximum.value === Infinity &&
        alternative.multiples.length === 0
      )
    case 'string':
      return (
        alternative.minimum <= 0 &&
        alternative.maximum === Infinity &&
        alternative.patterns.length + alternative.formats.length === 0
      )
    case 'array':
      return (
        alternative.minimum <= 0 &&
        alternative.maximum === Infinity &&
        !alternative.unique &&
        alternative.prefix.length === 0 &&
        alternative.rest === true
      )
    case 'object':
      return (
        alternative.minimum <= 0 &&
        alternative.maximum === Infinity &&
        alternative.properties.size + alternative.required.size + alternative.patterns.length === 0 &&
        alternative.extra === undefined &&
        alternative.names === true &&
        !alternative.listed
      )
  }
}
