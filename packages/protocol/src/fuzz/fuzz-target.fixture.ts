import type * as fc from 'fast-check'

/** Something that has to hold whatever it is given. */
export interface FuzzTarget {
  /** By which one of them is asked for. */
  readonly name: string
  /** What is given, and what has to come of it. */
  readonly title: string
  readonly property: fc.IRawProperty<unknown>
}

/** Fails where two things are not the same text as JSON: a matcher would take most of the time. */
export function expectSame(actual: unknown, expected: unknown, what: string): void {
  const [found, wanted] = [JSON.stringify(actual), JSON.stringify(expected)]
  if (found !== wanted) throw new Error(`${what}: ${found}\nin place of ${wanted}`)
}
