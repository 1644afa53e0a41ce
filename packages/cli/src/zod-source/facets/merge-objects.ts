import { compilePattern } from '../values/compile-pattern.ts'
import type { ObjectFacet } from './facets.ts'
import { both, type Located } from './located.ts'
import { highest, lowest } from './merge-facets.ts'

/**
 * What an object must fit that fits both; `undefined` where patterns of one meet what the other says of all its undeclared
 * members, which no single list of members says.
 */
export function mergeObjects(left: ObjectFacet, right: ObjectFacet): ObjectFacet | undefined {
  if (left.patterns.size > 0 && !isOpen(right)) return undefined
  if (right.patterns.size > 0 && !isOpen(left)) return undefined
  const names = [...new Set([...left.properties.keys(), ...right.properties.keys()])]
  return {
    properties: new Map(
      names.map((name) => [name, both(memberOf(left, name), memberOf(right, name)) as Located]),
    ),
    required: new Set([...left.required, ...right.required]),
    patterns: mergePatterns(left.patterns, right.patterns),
    additional: both(left.additional, right.additional),
    names: [...left.names, ...right.names],
    ...highest('minimum', left, right),
    ...lowest('maximum', left, right),
  }
}

/** Whether members that are not declared may be anything. */
function isOpen({ additional }: ObjectFacet): boolean {
  return additional === undefined || additional.schema === true
}

function memberOf({ properties, patterns, additional }: ObjectFacet, name: string): Located | undefined {
  const isNamed = [...patterns.keys()].some((pattern) => compilePattern(pattern)?.test(name))
  return properties.get(name) ?? (isNamed ? undefined : additional)
}

function mergePatterns(
  left: ReadonlyMap<string, Located>,
  right: ReadonlyMap<string, Located>,
): ReadonlyMap<string, Located> {
  const patterns = new Map(left)
  for (const [pattern, schema] of right) {
    patterns.set(pattern, both(patterns.get(pattern), schema) as Located)
  }
  return patterns
}
