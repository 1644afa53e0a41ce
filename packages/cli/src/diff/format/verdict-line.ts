import type { Verdict } from '../verdict.ts'

/** `Verdict: major (wire major, source major, replay none)`. */
export function verdictLine({ overall, wire, source, replay }: Verdict): string {
  if (overall === 'none') return 'Verdict: none, nothing changed'
  return `Verdict: ${overall} (wire ${wire}, source ${source}, replay ${replay})`
}
