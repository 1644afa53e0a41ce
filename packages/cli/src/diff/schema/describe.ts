import { isPlain } from '../shape/plain.ts'
import { type Alternative, type Kind, kindOf, type Shape } from '../shape/shape.ts'

const words: Readonly<Record<Kind, string>> = {
  null: 'null',
  boolean: 'a boolean',
  number: 'a number',
  string: 'a string',
  array: 'an array',
  object: 'an object',
}

/** `a number or a string`, in an order of its own. */
export function describeKinds(kinds: readonly Kind[]): string {
  const named = Object.entries(words).filter(([kind]) => kinds.includes(kind as Kind))
  return named.map(([, word]) => word).join(' or ')
}

export function describeShape(shape: Shape): string {
  if (isEverything(shape)) return 'anything'
  return shape.length === 0 ? 'nothing' : describeKinds(shape.map(kindOf))
}

/** Whether every value fits. */
export function isEverything(shape: Shape): boolean {
  const kinds = new Set(shape.filter(isPlain).map(kindOf))
  const booleans = shape.filter((option) => kindOf(option) === 'boolean' && option.conditions.length === 0)
  return kinds.size === 5 && booleans.length > 1
}

/** An option of a union in a few words: its name, title or listed keys. */
export function describeOption(option: Alternative): string {
  const { title } = option.source
  if (option.name !== undefined) return quote(option.name)
  if (title !== undefined) return quote(title)
  if (option.kind !== 'object') return words[kindOf(option)]
  const keys = [...option.properties.keys()].sort()
  return keys.length === 0 ? 'an object' : `an object with ${keys.slice(0, 4).map(quote).join(', ')}`
}

export function quote(value: unknown): string {
  return JSON.stringify(value)
}
