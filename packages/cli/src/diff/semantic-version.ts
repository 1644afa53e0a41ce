import type { Level } from './level.ts'

interface SemanticVersion {
  readonly major: number
  readonly minor: number
  readonly patch: number
  /** The identifiers after the `-`; none for a release. */
  readonly prerelease: readonly string[]
}

/**
 * The version that a contract with such changes must have at least. A prerelease of a high enough version becomes that version;
 * build metadata is dropped.
 *
 * @returns `undefined` when the old version is no semantic version
 */
export function suggestedVersion(
  oldVersion: string,
  { overall }: { readonly overall: Level },
): string | undefined {
  const old = parse(oldVersion)
  if (old === undefined) return undefined
  if (overall === 'none') return oldVersion
  const { major, minor, patch } = old
  const isPrerelease = old.prerelease.length > 0
  switch (positionOf(old, overall)) {
    case 'major':
      return isPrerelease && minor === 0 && patch === 0 ? `${major}.0.0` : `${major + 1}.0.0`
    case 'minor':
      return isPrerelease && patch === 0 ? `${major}.${minor}.0` : `${major}.${minor + 1}.0`
    case 'patch':
      return isPrerelease ? `${major}.${minor}.${patch}` : `${major}.${minor}.${patch + 1}`
  }
}

/**
 * Which number of a version such changes raise. Below 1.0.0, where the first number stays 0, the second tells of breaks and the
 * third of everything else, as package managers read it.
 */
export function raisedPart(
  version: string | undefined,
  level: Exclude<Level, 'none'>,
): 'major' | 'minor' | 'patch' {
  const parsed = version === undefined ? undefined : parse(version)
  return parsed === undefined ? level : positionOf(parsed, level)
}

/** Whether a version is at least another; `undefined` when one of them is no semantic version. */
export function isAtLeast(version: string, minimum: string): boolean | undefined {
  const [a, b] = [parse(version), parse(minimum)]
  if (a === undefined || b === undefined) return undefined
  const difference =
    a.major - b.major ||
    a.minor - b.minor ||
    a.patch - b.patch ||
    comparePrereleases(a.prerelease, b.prerelease)
  return difference >= 0
}

function positionOf({ major }: SemanticVersion, level: Exclude<Level, 'none'>): 'major' | 'minor' | 'patch' {
  if (major > 0) return level
  return level === 'major' ? 'minor' : 'patch'
}

// [semver.org §11] A release comes after its prereleases; numbers come before words; more identifiers come after fewer.
function comparePrereleases(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return b.length - a.length
  for (const [index, identifier] of a.entries()) {
    const other = b[index]
    if (other === undefined) return 1
    if (identifier !== other) return compareIdentifiers(identifier, other)
  }
  return a.length - b.length
}

function compareIdentifiers(a: string, b: string): number {
  const [isNumber, otherIsNumber] = [/^\d+$/.test(a), /^\d+$/.test(b)]
  if (isNumber && otherIsNumber) return Number(a) - Number(b)
  if (isNumber !== otherIsNumber) return isNumber ? -1 : 1
  return a < b ? -1 : 1
}

const pattern = /^(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/

function parse(version: string): SemanticVersion | undefined {
  const match = pattern.exec(version)
  if (match === null) return undefined
  const [, major, minor, patch, prerelease] = match
  return {
    major: Number(major),
    minor: Number(minor),
    patch: Number(patch),
    prerelease: prerelease?.split('.') ?? [],
  }
}
