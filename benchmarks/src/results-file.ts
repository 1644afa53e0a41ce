import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import type { Results } from './results.ts'

const file = new URL('../results.json', import.meta.url)

/** The results of the last runs; `undefined` before the first. */
export function readResults(): Results | undefined {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined
}

export function writeResults(results: Results): void {
  writeFileSync(file, resultsText(results))
}

/** Results as the repository's formatter would write them. */
export function resultsText(results: object): string {
  const text = JSON.stringify(
    results,
    (_name, value) => (typeof value === 'number' ? Number(value.toPrecision(6)) : value),
    2,
  )
  const inline = text.replace(
    /\[\s+([^[\]{}]*?)\s+\]/g,
    (_list, items: string) => `[${items.replace(/\s+/g, ' ')}]`,
  )
  return `${inline}\n`
}
