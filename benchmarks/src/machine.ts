import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { availableParallelism, cpus, release, totalmem, type } from 'node:os'
import { join } from 'node:path'
import { candidates } from './candidates.ts'
import { pinned } from './process-calls.ts'
import type { Machine } from './results.ts'

/** The model of its processor. */
export function processorModel(): string {
  return cpus()[0]?.model ?? 'unknown'
}

/** What the run is on. */
export function describeMachine(): Machine {
  return {
    cores: availableParallelism(),
    memory: Math.round(totalmem() / 1024 ** 3),
    system: `${type()} ${release().split('-')[0]}`,
    node: process.versions.node,
    pinned,
  }
}

/** Versions of the packages of all candidates. */
export function packageVersions(): Record<string, string> {
  const names = new Set<string>(Object.values(candidates).flatMap(({ packages }) => [...packages]))
  return Object.fromEntries([...names].sort().map((name) => [name, versionOf(name)]))
}

/** The version of an installed package. Not every one lets its package.json be imported. */
export function versionOf(name: string): string {
  for (const folder of createRequire(import.meta.url).resolve.paths(name) ?? []) {
    try {
      return JSON.parse(readFileSync(join(folder, name, 'package.json'), 'utf8')).version
    } catch {
      // Then in the folder above.
    }
  }
  return 'unknown'
}
