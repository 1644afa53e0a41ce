import { writeFileSync } from 'node:fs'
import type { Results } from '../results.ts'
import { drawChart } from './chart.ts'
import { writePage } from './page.ts'

const documents = new URL('../../../docs/', import.meta.url)

/** Writes the page and the picture. */
export function writeDocuments(results: Results): void {
  writeFileSync(new URL('benchmarks.md', documents), writePage(results))
  writeFileSync(new URL('images/benchmarks.svg', documents), drawChart(results))
}
