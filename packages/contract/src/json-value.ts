import type { Issue } from './errors.ts'

/** The first place in a value that JSON cannot carry as it is; a member that is `undefined` is left out, and does no harm. */
export function findNotJson(value: unknown): Issue | undefined {
  return find(value, () => true, [], [])
}

/**
 * The first place that `JSON.stringify` would change without a word, such as a `Date` or `NaN`. What it refuses is not told: who
 * writes the JSON sees it.
 */
export function findChangedByJson(value: unknown): Issue | undefined {
  return find(value, (at, above) => !isRefusedByJson(at, above), [], [])
}

type Test = (value: unknown, above: readonly unknown[]) => boolean

function find(
  value: unknown,
  isTold: Test,
  path: readonly PropertyKey[],
  above: readonly unknown[],
): Issue | undefined {
  const problem = problemOf(value, above)
  if (problem !== undefined) {
    return isTold(value, above) ? { path, message: `${problem} cannot cross JSON` } : undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  const members = Array.isArray(value)
    ? // Unlike `entries`, this one also visits what a sparse array has not.
      Array.from(value, (item: unknown, index): [PropertyKey, unknown] => [index, item])
    : Object.entries(value).filter(([, member]) => member !== undefined)
  for (const [key, member] of members) {
    const found = find(member, isTold, [...path, key], [...above, value])
    if (found !== undefined) return found
  }
  return undefined
}

function isRefusedByJson(value: unknown, above: readonly unknown[]): boolean {
  if (typeof value === 'bigint' || above.includes(value)) return true
  return above.length === 0 && ['undefined', 'function', 'symbol'].includes(typeof value)
}

/** Whether two values, of which the second is JSON, are the same there. */
export function isSameJson(left: unknown, right: unknown): boolean {
  if (Object.is(left, right) || (left === 0 && right === 0)) return true
  if (!isContainer(left) || !isContainer(right) || Array.isArray(left) !== Array.isArray(right)) return false
  const keys = keysOf(left)
  return keys.length === keysOf(right).length && keys.every((key) => isSameJson(left[key], right[key]))
}

type Container = Readonly<Record<string, unknown>>

function isContainer(value: unknown): value is Container {
  return Array.isArray(value) || isPlainObject(value)
}

function keysOf(container: Container): readonly string[] {
  return Object.keys(container).filter((key) => container[key] !== undefined)
}

function problemOf(value: unknown, above: readonly unknown[]): string | undefined {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return undefined
    case 'number':
      return Number.isFinite(value) ? undefined : String(value)
    case 'object':
      if (value === null) return undefined
      if (above.includes(value)) return 'an object that holds itself'
      return Array.isArray(value) || isPlainObject(value) ? undefined : `an object of ${classOf(value)}`
    case 'undefined':
      return 'undefined'
    default:
      return `a ${typeof value}`
  }
}

// An object of another realm has another `Object.prototype`, but that is the end of its chain, too.
function isPlainObject(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

function classOf(value: object): string {
  const maker: unknown = value.constructor
  return typeof maker === 'function' && maker.name !== '' ? maker.name : 'a class'
}
