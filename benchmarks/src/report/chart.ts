import { type CandidateName, candidates } from '../candidates.ts'
import type { Results } from '../results.ts'
import { measuredValue } from './targets.ts'

interface Bar {
  readonly title: string
  readonly value: number
  readonly kind: 'raw' | 'own' | 'other'
}

interface Panel {
  readonly title: string
  readonly scenario: string
  readonly metric: string
  readonly digits: number
}

const panels: readonly Panel[] = [
  { title: 'CPU time a delivery, one event a tick (µs)', scenario: 'fan-out', metric: 'one', digits: 1 },
  { title: 'CPU time a delivery, ten events a tick (µs)', scenario: 'fan-out', metric: 'ten', digits: 2 },
  { title: 'Memory of an idle connection (KB)', scenario: 'idle', metric: 'memory', digits: 1 },
  { title: 'CPU time to resume over 100 events (µs)', scenario: 'connecting', metric: 'resume', digits: 0 },
]

const width = 860
const labelWidth = 300
const barHeight = 18
const rowHeight = 24
const headHeight = 40

/** The main figures as bars, one scale for each panel. */
export function drawChart(results: Results): string {
  let top = 0
  const parts: string[] = []
  for (const panel of panels) {
    const bars = barsOf(results, panel)
    if (bars.length === 0) continue
    parts.push(panelOf(panel, bars, top))
    top += headHeight + bars.length * rowHeight + 16
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${top}" width="${width}" height="${top}" role="img" aria-label="Benchmarks">
<style>
  text { font: 13px system-ui, sans-serif; fill: #1f2328 }
  .title { font-weight: 600 }
  .ground { fill: #ffffff }
  .raw { fill: #9aa4af } .own { fill: #0f766e } .other { fill: #c7a26b }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 } .ground { fill: #0d1117 }
    .raw { fill: #6e7781 } .own { fill: #2dd4bf } .other { fill: #a8834c }
  }
</style>
<rect class="ground" width="${width}" height="${top}"/>
${parts.join('\n')}
</svg>
`
}

function panelOf({ title, digits }: Panel, bars: readonly Bar[], top: number): string {
  const most = Math.max(...bars.map(({ value }) => value))
  const scale = (width - labelWidth - 80) / most
  const rows = bars.map(({ title, value, kind }, index) => {
    const y = top + headHeight + index * rowHeight
    const length = Math.max(1, value * scale)
    return [
      `<text x="${labelWidth - 10}" y="${y + 13}" text-anchor="end">${escaped(title)}</text>`,
      `<rect class="${kind}" x="${labelWidth}" y="${y}" width="${length.toFixed(1)}" height="${barHeight}" rx="2"/>`,
      `<text x="${(labelWidth + length + 6).toFixed(1)}" y="${y + 13}">${value.toFixed(digits)}</text>`,
    ].join('\n')
  })
  return [`<text class="title" x="16" y="${top + 26}">${escaped(title)}</text>`, ...rows].join('\n')
}

function barsOf(results: Results, { scenario, metric }: Panel): readonly Bar[] {
  const measured = results.scenarios.find((result) => result.scenario === scenario)?.peers ?? []
  return measured
    .map(({ peer }) => ({
      title: titles[peer] ?? candidates[peer].title,
      value: measuredValue(results, scenario, peer, metric) ?? Number.NaN,
      kind: kindOf(peer),
    }))
    .filter(({ value }) => Number.isFinite(value))
    .sort((left, right) => left.value - right.value)
}

// Where the whole title is too long for a bar.
const titles: Partial<Record<CandidateName, string>> = {
  'raw-socket': 'bare loop, socket.write',
  'raw-joined': 'bare loop, socket.write, joined',
  'raw-response': 'bare loop, response.write',
  'raw-response-joined': 'bare loop, response.write, joined',
  hono: 'Hono streamSSE',
}

function kindOf(peer: CandidateName): Bar['kind'] {
  if (peer.startsWith('raw-')) return 'raw'
  return peer.startsWith('millrace') ? 'own' : 'other'
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;')
}
