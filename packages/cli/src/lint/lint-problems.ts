import type { Place } from '../model/place.ts'
import type { Problem } from '../model/problem.ts'
import type { Finding } from './finding.ts'
import { type RuleId, rules } from './rules.ts'
import { isOn, type Selection } from './selection.ts'

/** What was found while a contract was read, as findings. */
export function lintProblems(problems: readonly Problem[], selection: Selection = {}): readonly Finding[] {
  return problems.flatMap((problem): readonly Finding[] => {
    const rule = ruleFor(problem)
    if (!isOn(rule, selection)) return []
    const { file, pointer, line, message } = problem
    const { severity } = rules[rule]
    // Without a line it was found in a module, of which a pointer is one in the contract itself.
    if (line === undefined) return [{ rule, severity, place: placeIn(pointer), message }]
    return [{ rule, severity, place: {}, message, source: { file, pointer, line } }]
  })
}

const bySeverity = { error: 'unreadable', loss: 'left-out', warning: 'mended' } as const

function ruleFor({ severity, about }: Problem): RuleId {
  switch (about) {
    case 'example':
      return 'unfit-example'
    case 'default':
      return 'unfit-default'
    case 'code':
      return 'only-in-code'
    default:
      return bySeverity[severity]
  }
}

const inContract = /^#\/channels\/([^/]+)(?:\/(?:(events|params)\/([^/]+)|(snapshot)))?$/

function placeIn(pointer: string): Place {
  const [, channel, kind, name, snapshot] = inContract.exec(pointer) ?? []
  if (channel === undefined) return {}
  if (snapshot !== undefined) return { channel: unescapeToken(channel), snapshot: true }
  if (name === undefined) return { channel: unescapeToken(channel) }
  return { channel: unescapeToken(channel), [kind === 'events' ? 'event' : 'param']: unescapeToken(name) }
}

function unescapeToken(token: string): string {
  return token.replaceAll('~1', '/').replaceAll('~0', '~')
}
